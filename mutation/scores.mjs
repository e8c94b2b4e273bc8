/** From Stryker's report to the table in CONTRIBUTING.md. */

const NOTICED = ['Killed', 'Timeout']
const UNNOTICED = ['Survived', 'NoCoverage']

const folderOf = (file) => file.slice(0, file.lastIndexOf('/'))

/**
 * What became of the changes, for each folder. What Stryker ignored is not counted: texts for people, and what is computed
 * while a module is loaded.
 *
 * @param report Stryker's JSON report.
 * @returns by folder: how many changes a test noticed, and how many none did.
 */
export function countChanges({ files }) {
  const folders = {}
  for (const [file, { mutants }] of Object.entries(files)) {
    const counts = (folders[folderOf(file)] ??= { noticed: 0, unnoticed: 0 })
    for (const { status } of mutants) {
      if (NOTICED.includes(status)) counts.noticed++
      if (UNNOTICED.includes(status)) counts.unnoticed++
    }
  }
  const measured = Object.entries(folders).filter(([, { noticed, unnoticed }]) => noticed + unnoticed > 0)
  return Object.fromEntries(measured.sort(([one], [other]) => (one < other ? -1 : 1)))
}

function rowOf(name, { noticed, unnoticed }) {
  const changes = noticed + unnoticed
  return `| ${name} | ${changes} | ${unnoticed} | ${((100 * noticed) / changes).toFixed(1)} % |`
}

const sum = (all) =>
  all.reduce((one, other) => ({
    noticed: one.noticed + other.noticed,
    unnoticed: one.unnoticed + other.unnoticed,
  }))

/** The rows of the table: each area, and its folders below it. */
export function rowsOfScores(scores) {
  return Object.entries(scores).flatMap(([area, folders]) => [
    rowOf(`**${area}**`, sum(Object.values(folders))),
    ...Object.entries(folders).map(([folder, counts]) => rowOf(`\`${folder}\``, counts)),
  ])
}

/** The whole table, in Markdown. */
export const tableOf = (scores) =>
  ['| folder | changes | unnoticed | noticed |', '| --- | --- | --- | --- |', ...rowsOfScores(scores)].join('\n')

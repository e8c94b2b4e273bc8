/**
 * `npm run mutation [area …]`: changes the library line by line, runs the tests for each change, and notes how many of the
 * changes a test noticed. Without an area it measures all of areas.mjs one after the other. It prints what no test noticed,
 * then the table of scores.json. A second run measures only what has changed since; with `--force` it measures everything.
 *
 * `npm run mutation -- --table` only prints the table.
 */
import { spawnSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { areas } from './areas.mjs'
import { countChanges, tableOf } from './scores.mjs'

const root = fileURLToPath(new URL('..', import.meta.url))
const stryker = 'mutation/node_modules/@stryker-mutator/core/bin/stryker.js'
const scoresFile = fileURLToPath(new URL('scores.json', import.meta.url))

const readScores = () => JSON.parse(readFileSync(scoresFile, 'utf8'))

function measure(area, flags) {
  const { status } = spawnSync(process.execPath, [stryker, 'run', 'mutation/stryker.config.mjs', ...flags], {
    cwd: root,
    stdio: 'inherit',
    env: { ...process.env, MUTATION_AREA: area },
  })
  if (status !== 0) process.exit(status ?? 1)

  const report = JSON.parse(
    readFileSync(`${root}node_modules/.cache/react-online-message/mutation/${area}.json`, 'utf8'),
  )
  const scores = { ...readScores(), [area]: countChanges(report) }
  // In the order of areas.mjs, whichever was measured last.
  const sorted = Object.keys(areas).flatMap((name) => (scores[name] ? [[name, scores[name]]] : []))
  writeFileSync(scoresFile, `${JSON.stringify(Object.fromEntries(sorted), undefined, 2)}\n`)
}

const wanted = process.argv.slice(2)
const flags = wanted.filter((word) => word.startsWith('--') && word !== '--table')
const names = wanted.filter((word) => !word.startsWith('--'))

for (const name of names) {
  if (areas[name]) continue
  console.error(`mutation: there is no area "${name}". The areas are: ${Object.keys(areas).join(', ')}.`)
  process.exit(1)
}

if (!wanted.includes('--table')) {
  const measured = names.length > 0 ? names : Object.keys(areas)
  for (const area of measured) measure(area, flags)
}
console.log(tableOf(readScores()))

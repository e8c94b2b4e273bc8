/** The table of mutation testing in CONTRIBUTING.md is what `npm run mutation` has measured. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rowsOfScores, type Scores } from '../../mutation/scores.mjs'
import { root, rowsOf } from './pages.ts'

const cellsOf = (row: string) => rowsOf(row)[0]

test('the scores in CONTRIBUTING.md are those of mutation/scores.json', () => {
  const scores = JSON.parse(readFileSync(`${root}mutation/scores.json`, 'utf8')) as Scores
  const shown = rowsOf(readFileSync(`${root}CONTRIBUTING.md`, 'utf8'))
  const measured = rowsOfScores(scores).map(cellsOf)
  expect(measured.length).toBeGreaterThan(4)
  for (const row of measured) expect(shown).toContainEqual(row)
  expect(shown.filter((cells) => cells.at(-1)?.endsWith(' %'))).toHaveLength(measured.length)
})

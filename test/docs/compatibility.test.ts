/** The table of docs/compatibility.md is the one that `npm run compat` wrote for the rows as they are now. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { rows } from '../compat/rows.mjs'
import { readPage, root } from './pages.ts'

test('every row of test/compat/rows.mjs works, in the version that it names', () => {
  const cells = [...readPage('docs/compatibility.md').text.matchAll(/^\| (.+?) +\| (.+?) +\| (.+?) +\| +\S+ +\|$/gm)]
  const [, ...written] = cells.map(([, name, version, result]) => ({ name, version, result }))
  const expected = rows.map(({ name, version }) => ({ name, version, result: 'works' }))
  expect(written.filter(({ result }) => !result?.startsWith('-'))).toEqual(expected)
})

test('docs/frameworks.md has the module of the socket that the projects use', () => {
  const block = readPage('docs/frameworks.md').blocks.find(({ file }) => file === 'socket.js')
  const used = readFileSync(`${root}test/compat/two-people/socket.js`, 'utf8')
  expect(`${block?.code.replace('// socket.js\n', '') ?? ''}\n`).toBe(used)
})

/** docs/from-socket-emit.md is the change that test/adoption has: its code, its numbers, and what gets better. */
import { spawnSync } from 'node:child_process'
import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { readPage, root, rowsOf } from './pages.ts'

const adoption = join(root, 'test/adoption')
const page = readPage('docs/from-socket-emit.md')

/** The file as it is before, or as it is after: then what has not changed is the file before. */
function readVersion(file: string, version: 'before' | 'after'): string {
  const [kind = '', ...path] = file.split('/')
  const changed = join(adoption, kind, version, ...path)
  return readFileSync(existsSync(changed) ? changed : join(adoption, kind, 'before', ...path), 'utf8')
}

interface Hunk {
  readonly file: string
  readonly lines: readonly string[]
}

/** A block has hunks, and each begins with the name of its file: `@@ mern/client/ChatPage.jsx @@`. */
function hunksOf(code: string): Hunk[] {
  return [...code.matchAll(/^@@ (\S+) @@\n((?:(?!@@).*(?:\n|$))*)/gm)].map(([, file = '', lines = '']) => ({
    file,
    lines: lines.replace(/\n$/, '').split('\n'),
  }))
}

/** The hunk's lines with one of these signs, without the sign. An empty line has lost its space. */
const linesWith = ({ lines }: Hunk, signs: string) =>
  lines
    .filter((line) => signs.includes(line.at(0) ?? ' '))
    .map((line) => `${line.slice(1)}\n`)
    .join('')

test('every line of a change is in the file before, or in the file after, and in this order', () => {
  const hunks = page.blocks.filter(({ language }) => language === 'diff').flatMap(({ code }) => hunksOf(code))
  expect(hunks.length).toBeGreaterThan(15)
  for (const hunk of hunks) {
    expect(readVersion(hunk.file, 'before')).toContain(linesWith(hunk, ' -'))
    expect(readVersion(hunk.file, 'after')).toContain(linesWith(hunk, ' +'))
  }
})

/** Added and removed lines, and changed files, as git counts them. */
function countChange(kind: string): string {
  const after = join(adoption, kind, 'after')
  const files = readdirSync(after, { recursive: true, encoding: 'utf8' }).filter((path) => /\.\w+$/.test(path))
  let added = 0
  let removed = 0
  for (const file of files) {
    const options = ['diff', '--no-index', '--numstat', '--diff-algorithm=myers']
    const { stdout } = spawnSync('git', [...options, join(adoption, kind, 'before', file), join(after, file)], {
      encoding: 'utf8',
    })
    const [plus, minus] = stdout.split('\t')
    added += Number(plus)
    removed += Number(minus)
  }
  return `+${added} −${removed} lines in ${files.length} files`
}

test.each([
  ['tutorial', 'tutorial'],
  ['MERN', 'mern'],
])('the size of the change of the %s chat is right', (chat, kind) => {
  const row = rowsOf(page.text).find(([name, , change = '']) => name === chat && change.startsWith('+'))
  expect(row?.[2]).toBe(countChange(kind))
})

test('what gets better is what the tests assert', () => {
  const tests = readFileSync(join(adoption, 'adoption.test.ts'), 'utf8')
  const asserted: string[][] = []
  let chat = ''
  for (const [, describes, now, before] of tests.matchAll(
    /^describe\.concurrent\('the (\w+) chat'|^ {2}test\('(?:[A-Z0-9, ]+: )?(.+); (.+)', async/gm,
  )) {
    if (describes !== undefined) chat = describes
    else asserted.push([chat, now ?? '', before ?? ''])
  }
  const rows = rowsOf(page.text.split('## What gets better')[1]?.split('\n## ')[0] ?? '').slice(2)
  expect(rows).toEqual(asserted)
})

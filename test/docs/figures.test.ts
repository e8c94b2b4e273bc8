/** A figure on a page is the one that its command measured: no two pages differ. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { readPage, readPages, root, rowsOf } from './pages.ts'

const numbersIn = (text: string): string[] => text.match(/\d+(?:,\d{3})*(?:\.\d+)?/g) ?? []

/** One section of bench/RESULTS.md, by its anchor. */
function sectionOf(results: string, anchor: string): string {
  const section = results.split(/^## /m).find((text) => text.toLowerCase().startsWith(`${anchor}\n`))
  if (section === undefined) throw new Error(`bench/RESULTS.md has no section #${anchor}.`)
  return section
}

test('a row that links to a section of bench/RESULTS.md has only numbers that stand there', () => {
  const results = readFileSync(`${root}bench/RESULTS.md`, 'utf8')
  const wrong: string[] = []
  let rows = 0
  for (const { path, text } of readPages()) {
    for (const cells of rowsOf(text)) {
      const row = cells.join(' | ')
      const [, anchor] = /bench\/RESULTS\.md#([\w-]+)\)/.exec(row) ?? []
      if (anchor === undefined) continue
      rows++
      const known = new Set(numbersIn(sectionOf(results, anchor)))
      wrong.push(
        ...numbersIn(row)
          .filter((number) => !known.has(number))
          .map((number) => `${path}: ${number} in ${row}`),
      )
    }
  }
  expect(wrong).toEqual([])
  expect(rows).toBeGreaterThan(5)
})

test('the nine rows about faults are those of bench/FAULTS.md, over WebSocket', () => {
  const faults = rowsOf(readFileSync(`${root}bench/FAULTS.md`, 'utf8'))
  const columns = ['delivered', 'lost', 'late', 'duplicated', 'misdelivered', 'stored']
  const plain = (text: string) => text.replaceAll('*', '').trim()

  const rows = rowsOf(readPage('README.md').text).filter(([, ours = '']) => /^0 (late|lost|stored|mis)/.test(ours))
  expect(rows.length).toBe(9)
  for (const [fault, ...cells] of rows) {
    const [, , ...measured] = faults.find(([name, over]) => name === fault && over === 'websocket') ?? []
    expect(measured.length, `bench/FAULTS.md has a row "${String(fault)}"`).toBe(3)
    for (const [way, cell] of cells.entries()) {
      const [, count = '', what = ''] = /^([\d,]+) (\w+)$/.exec(plain(cell)) ?? []
      const figure = plain(measured[way] ?? '').split(' / ')[columns.indexOf(what)]
      expect(count.replaceAll(',', ''), `${String(fault)}: ${cell}`).toBe(figure)
    }
  }
})

test('in every row of bench/FAULTS.md, which the README counts, this library did nothing wrong', () => {
  const rows = rowsOf(readFileSync(`${root}bench/FAULTS.md`, 'utf8'))
  const isTally = (cell: string) => /^\d+( \/ .+){5}$/.test(cell)
  // In the table of several nodes every column is of this library; in that of one server, only the second one after the title.
  const severalNodes = rows.filter(([, first = '']) => isTally(first))
  const oneServer = rows.filter(([, first = '', second = '']) => !isTally(first) && isTally(second))
  const ours = [...severalNodes.flatMap(([, ...cells]) => cells), ...oneServer.map(([, , cell = '']) => cell)]
  expect(ours.filter((cell) => !cell.endsWith(' / 0 / 0 / 0 / 0 / 0'))).toEqual([])
  expect(severalNodes.length).toBe(10)
  const count = oneServer.length + severalNodes.length
  expect(readPage('README.md').text).toContain(`none of its ${count} rows, ten of them about several nodes`)
})

test('the sizes in the README are the budgets that `npm run size` holds', () => {
  const budgets = readFileSync(`${root}.size-limit.mjs`, 'utf8')
  const limits = [...budgets.matchAll(/'(\d[\d.]* kB)'/g)].map(([, limit]) => limit?.toLowerCase())
  const row = rowsOf(readPage('README.md').text).find((cells) => cells.join().includes('npm run size'))
  const sizes = row?.join().match(/\d[\d.]* kB/g) ?? []
  expect(sizes.length).toBeGreaterThan(0)
  expect(sizes.filter((size) => !limits.includes(size.toLowerCase()))).toEqual([])
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as locales from '../../src/locales/index.ts'
import { transportContract } from '../../src/testing/index.ts'
import { readPage, readPages, root } from './pages.ts'

const { exports } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { exports: Record<string, unknown> }

test('the index names every entry point', () => {
  const index = readPage('docs/README.md').text
  const named = [...index.matchAll(/^\| `react-online-message(\/[\w.-]+)?` /gm)].map(([, path = '']) => `.${path}`)
  expect(named.sort()).toEqual(
    Object.keys(exports)
      .filter((path) => path !== './package.json')
      .sort(),
  )
})

test('docs/languages.md names every language, and every page counts as many', () => {
  const [, names = ''] = /^The languages: `([^`]+)`/m.exec(readPage('docs/languages.md').text) ?? []
  const all = Object.keys(locales).sort()
  expect(names.split(' ')).toEqual(all)
  const counts = readPages().flatMap(({ path, text }) =>
    [...text.matchAll(/(\d+) languages/g)].map(([, count]) => `${path}: ${count}`),
  )
  expect(counts.length).toBeGreaterThan(1)
  expect(counts.filter((count) => !count.endsWith(`: ${all.length}`))).toEqual([])
})

test('the table of transports has as many cases as the contract', () => {
  const page = readPage('docs/writing-a-transport.md').text
  const counts = [...page.matchAll(/^\| `\.\/[^|]+\| (\d+ of \d+) /gm)].map(([, cases]) => cases)
  const { length } = transportContract
  expect(counts).toEqual(Array.from({ length: 4 }, () => `${length} of ${length}`))
})

import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import * as locales from '../../src/locales/index.ts'
import { transportContract } from '../../src/testing/index.ts'

const readme = readFileSync(new URL('../../README.md', import.meta.url), 'utf8')
const { exports } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  exports: Record<string, unknown>
}

test('the README names every entry point', () => {
  const named = [...readme.matchAll(/^\| `react-online-message(\/[\w.-]+)?` /gm)].map(([, path = '']) => `.${path}`)
  expect(named.sort()).toEqual(
    Object.keys(exports)
      .filter((path) => path !== './package.json')
      .sort(),
  )
})

test('the README names every language', () => {
  const [, count, names = ''] = /words in (\d+) languages: `([^`]+)`/.exec(readme) ?? []
  expect(names.split(' ')).toEqual(Object.keys(locales).sort())
  expect(Number(count)).toBe(Object.keys(locales).length)
})

test('the README’s table of transports has as many cases as the contract', () => {
  const counts = [...readme.matchAll(/^\| `\.\/[^|]+\| (\d+ of \d+) /gm)].map(([, cases]) => cases)
  const { length } = transportContract
  expect(counts).toEqual(Array.from({ length: 4 }, () => `${length} of ${length}`))
})

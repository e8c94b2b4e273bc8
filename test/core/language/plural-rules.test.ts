import { expect, test } from 'vitest'
import type { PluralRule } from '../../../src/core/index.ts'
import {
  alwaysOther,
  arabic,
  czech,
  eastSlavic,
  hebrew,
  oneOrOther,
  polish,
  romance,
} from '../../../src/core/language/plural-rules.ts'

const MILLION = 1_000_000

/** Counts around every boundary that a rule of CLDR has. */
const counts = [...Array.from({ length: 250 }, (_, index) => index + 1), MILLION - 1, MILLION, MILLION + 1, 2 * MILLION]

test.each<[string, PluralRule]>([
  ['en', oneOrOther],
  ['de', oneOrOther],
  ['zh', alwaysOther],
  ['ja', alwaysOther],
  ['es', romance],
  ['it', romance],
  ['cs', czech],
  ['he', hebrew],
  ['ru', eastSlavic],
  ['uk', eastSlavic],
  ['pl', polish],
  ['ar', arabic],
])('every count of people has the plural category of Intl.PluralRules: %s', (tag, rule) => {
  const rules = new Intl.PluralRules(tag)
  expect(counts.map((count) => [count, rule(count)])).toEqual(counts.map((count) => [count, rules.select(count)]))
})

test('French counts only whole millions as many, and Arabic has a form for nobody', () => {
  expect([1, 2, MILLION, 2 * MILLION].map(romance)).toEqual(['one', 'other', 'many', 'many'])
  expect(arabic(0)).toBe('zero')
})

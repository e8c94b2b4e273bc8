import type { PluralRule } from './locale.ts'

/*
 * The plural rules of CLDR, for the whole numbers that a count of people can be. A locale brings its rule, because React
 * Native has no `Intl.PluralRules`. The tests compare each rule with it.
 */

/** Most languages: 1 is `one`. */
export const oneOrOther: PluralRule = (n) => (n === 1 ? 'one' : 'other')

/** Languages in which a number changes no word: Chinese, Japanese, Korean, Indonesian, Vietnamese, Thai. */
export const alwaysOther: PluralRule = () => 'other'

/** Spanish, Portuguese, French and Italian: whole millions are `many`, because they take a "de": "1.000.000 de personas". */
export const romance: PluralRule = (n) => (n % 1_000_000 === 0 ? 'many' : oneOrOther(n))

/** Czech: 2, 3 and 4 are `few`, 22 is `other`. */
export const czech: PluralRule = (n) => (n > 1 && n < 5 ? 'few' : oneOrOther(n))

/** Hebrew: 1 is `one`, 2 is `two`. */
export const hebrew: PluralRule = (n) => (n === 2 ? 'two' : oneOrOther(n))

/** Numbers that end in 1, but not in 11. */
const ENDS_IN_ONE = /(^|[^1])1$/

/** Numbers that end in 2, 3 or 4, but not in 12, 13 or 14. */
const ENDS_IN_TWO_TO_FOUR = /(^|[^1])[2-4]$/

/** Russian and Ukrainian: 21 is `one`, 22 is `few`, 11, 12 and 25 are `many`. */
export const eastSlavic: PluralRule = (n) => {
  if (ENDS_IN_ONE.test(String(n))) return 'one'
  return ENDS_IN_TWO_TO_FOUR.test(String(n)) ? 'few' : 'many'
}

/** Polish: 22 is `few`, 12, 21 and 25 are `many`. */
export const polish: PluralRule = (n) => {
  if (n === 1) return 'one'
  return ENDS_IN_TWO_TO_FOUR.test(String(n)) ? 'few' : 'many'
}

/** Arabic: 3 to 10 are `few` and 11 to 99 are `many`, and so are numbers that end in them: 103, 111. 100 to 102 are `other`. */
export const arabic: PluralRule = (n) => {
  if (n < 3) return (['zero', 'one', 'two'] as const)[n] ?? 'other'
  const ending = n % 100
  if (ending > 10) return 'many'
  return ending > 2 ? 'few' : 'other'
}

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { shownName } from '../../src/core/language/format-typing.ts'
import { isolate } from '../../src/core/language/isolate.ts'
import { joinList } from '../../src/core/language/join-list.ts'
import { oneOrOther } from '../../src/core/language/plural-rules.ts'
import { LANGUAGES } from '../../stories/languages.ts'

const NUMBERS = [...Array(10_000).keys()].map((n) => n + 1)
const LARGE_NUMBERS = [2, 3, 5, 10, 11, 12, 21, 100, 102, 111, 1000].flatMap((n) => [
  n * 10_000,
  n * 1_000_000,
  n * 1_000_000 + 1,
])

/** Every character of the alphabets, which stand before U+3000, and of their presentation forms. */
const FIRST_CHARACTERS = [
  ...Array.from({ length: 0x3000 }, (_, code) => code),
  ...Array.from({ length: 0x500 }, (_, index) => 0xfb00 + index),
]
  .map((code) => String.fromCodePoint(code))
  .filter((character) => shownName(character) === character && !/\p{Cn}/u.test(character))

const name = fc
  .oneof(
    fc.string({ unit: 'binary', maxLength: 8 }),
    fc.string({ unit: 'grapheme', maxLength: 8 }),
    // What begins like the names that change the Spanish "and", or like a Hebrew word.
    fc
      .tuple(fc.constantFrom('i', 'I', 'Í', 'hi', 'Hi', 'HIA', 'hie', 'y', 'ש', '\u05b8', 'A'), fc.string())
      .map((parts) => parts.join('')),
    fc.constantFrom('{0}', '{1}', "'", ', ', ' y ', '$&', '3', '\ud800'),
  )
  // As a sentence has it. Nobody is called by a character that Unicode has not assigned.
  .map(shownName)
  .filter((shown) => shown !== '' && !/^\p{Cn}/u.test(shown))

describe.each(Object.entries(LANGUAGES))('%s has the grammar of Intl, which no app needs for it', (_, locale) => {
  const { tag, plural = oneOrOther } = locale
  const intlList = new Intl.ListFormat(tag)
  const intlJoin = (names: readonly string[]) => {
    const parts = intlList.formatToParts(names)
    return parts.map(({ type, value }) => (type === 'element' ? isolate(value) : value)).join('')
  }
  const join = (names: readonly string[]) => joinList(names.map(isolate), locale)

  test('every whole number has the plural category of Intl.PluralRules', () => {
    const rules = new Intl.PluralRules(tag)
    const wrong = [...NUMBERS, ...LARGE_NUMBERS].filter((n) => plural(n) !== rules.select(n))
    expect(wrong).toEqual([])
  })

  test('lists of one to four people are those of Intl.ListFormat, whatever the names', () => {
    fc.assert(
      fc.property(fc.array(name, { minLength: 1, maxLength: 4 }), (names) => {
        expect(join(names)).toBe(intlJoin(names))
      }),
      { numRuns: 500 },
    )
  })

  test('the word for "and" is that of Intl.ListFormat before every letter', () => {
    const wrong = FIRST_CHARACTERS.filter((character) => join(['A', character]) !== intlJoin(['A', character]))
    expect(wrong).toEqual([])
  })
})

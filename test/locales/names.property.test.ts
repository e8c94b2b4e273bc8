import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { formatTyping, formatTypingParts } from '../../src/core/index.ts'
import { ACTIVITIES } from '../../src/core/typing/typing.ts'
import { direction, LANGUAGES } from '../../stories/languages.ts'

/** Names that are meant to break a sentence, and harmless ones. */
const name = fc.oneof(
  fc.string({ unit: 'binary' }),
  fc.string({ unit: 'grapheme', maxLength: 1000 }),
  fc.string({
    unit: fc.constantFrom(
      '\u202a',
      '\u202b',
      '\u202c',
      '\u202d',
      '\u202e',
      '\u2066',
      '\u2067',
      '\u2068',
      '\u2069',
      '\u200e',
      '\u200f',
      '\u061c',
      'a',
      'א',
      ' ',
    ),
    maxLength: 50,
  }),
  fc.constantFrom('', ' ', '{who}', '{n}', '$&', '3', '和', '、', ' y ', '👩🏽‍🔬', 'می‌روم', '\ud800', 'x'.repeat(1000)),
)
const state = fc
  .array(fc.record({ name: fc.option(name, { nil: undefined }), activity: fc.constantFrom(...ACTIVITIES) }), {
    maxLength: 4,
  })
  .chain((typists) =>
    fc.record({
      typists: fc.constant(typists.map((typist, i) => ({ ...typist, id: String(i), since: 0 }))),
      // A server may count fewer typists than it names.
      total: fc.oneof(fc.integer({ min: 1, max: 30 }), fc.integer({ min: 1, max: 3_000_000 })),
      conversation: fc.constantFrom(undefined, null, { user: 'u' }, { group: 'g' }),
    }),
  )

const OPEN = /[\u2066-\u2068\u202a\u202b\u202d\u202e]/
const CLOSE = /[\u2069\u202c]/

describe.each(Object.entries(LANGUAGES))('%s', (_, locale) => {
  test('it is a sentence, whatever the names and however many typists', () => {
    fc.assert(
      fc.property(state, (typing) => {
        const sentence = formatTyping(typing, locale)

        // Without the names, only the words of the language are left.
        const own = sentence.replace(/\u2068[^\u2066-\u2069]*\u2069/g, '')
        expect(own).not.toMatch(OPEN)
        expect(own).not.toMatch(CLOSE)
        expect(own).not.toMatch(/[{}]|undefined|null|NaN|-\d/)
        expect(sentence).toMatch(/[^\s…]…$/)
        const [first = ''] = /\p{L}/u.exec(own) ?? []
        expect(/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(first) ? 'rtl' : 'ltr').toBe(direction(locale))

        const parts = formatTypingParts(typing, locale)
        expect(parts.map(({ value }) => value).join('')).toBe(sentence)
        for (const { type, value } of parts) {
          expect(value).not.toBe('')
          expect(/^\u2068[^\u2068\u2069]+\u2069$/.test(value)).toBe(type === 'name')
        }
        // Two names of 32 characters, each of at most two units, and the words.
        expect(sentence.length).toBeLessThan(250)
      }),
    )
  })
})

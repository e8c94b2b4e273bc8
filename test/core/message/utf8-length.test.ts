import { expect, test } from 'vitest'
import fc from 'fast-check'
import { utf8Length } from '../../../src/core/message/utf8-length.ts'

const encodedLength = (text: string) => new TextEncoder().encode(text).length

test.each([
  ['nothing', '', 0],
  ['the last character of one byte', '\u007f', 1],
  ['the first one of two bytes', '\u0080', 2],
  ['the last one of two bytes', '\u07ff', 2],
  ['the first one of three bytes', '\u0800', 3],
  ['the last one of three bytes', '\uffff', 3],
  ['a pair of surrogates', '\u{10000}', 4],
  ['a high surrogate alone', '\ud800', 3],
  ['a low surrogate alone', '\udfff', 3],
  ['surrogates in the wrong order', '\udc00\ud800', 6],
  ['a high surrogate before a pair', '\ud800\u{1f600}', 7],
])('counts the bytes of %s', (_what, text, bytes) => {
  expect(utf8Length(text)).toBe(bytes)
  expect(encodedLength(text)).toBe(bytes)
})

test('counts as TextEncoder does, whatever the text', () => {
  const wellFormed = fc.string({ unit: 'binary', maxLength: 40 })
  const surrogates = fc.integer({ min: 0xd700, max: 0xe100 }).map((unit) => String.fromCharCode(unit))
  const malformed = fc.array(surrogates, { maxLength: 40 }).map((units) => units.join(''))
  fc.assert(
    fc.property(fc.oneof(wellFormed, malformed), (text) => {
      return utf8Length(text) === encodedLength(text)
    }),
    { numRuns: 1_000 },
  )
})

import { describe, expect, test } from 'vitest'
import { decodeData, encodeData } from '../../../src/core/message/json.ts'

const MANY = 100_000

describe('encodeData and decodeData', () => {
  test.each([
    null,
    0,
    -1.5,
    '',
    'hello',
    true,
    false,
    [],
    {},
    { a: [1, { b: null }] },
    'líne\nbreak "quoted" 👋',
    '\u2028',
    { __proto__x: 1 },
  ])('carry %j', (data) => {
    expect(decodeData(encodeData(data, MANY) as string)).toEqual(data)
  })

  test('carry nothing as nothing', () => {
    expect(encodeData(undefined, 0)).toBe('')
    expect(decodeData('')).toBeUndefined()
  })

  test('carry a lone surrogate through UTF-8', () => {
    const text = encodeData('a\ud800b', MANY) as string
    expect(text).not.toMatch(/\p{Surrogate}/u)
    expect(decodeData(new TextDecoder().decode(new TextEncoder().encode(text)))).toBe('a\ud800b')
  })

  test('turn other objects into plain data', () => {
    const date = new Date(0)
    expect(decodeData(encodeData({ date, none: undefined, nan: NaN, map: new Map([[1, 2]]) }, MANY) as string)).toEqual(
      {
        date: '1970-01-01T00:00:00.000Z',
        nan: null,
        map: {},
      },
    )
  })

  test('a key named __proto__ changes no prototype', () => {
    const data = decodeData(encodeData(JSON.parse('{"__proto__":{"admin":true}}'), MANY) as string)
    expect(Object.getPrototypeOf(data)).toBe(Object.prototype)
    expect((data as { admin?: boolean }).admin).toBeUndefined()
  })
})

describe('T2: data that cannot be written is a failure, which says what is wrong, then the fix', () => {
  const cycle: Record<string, unknown> = {}
  cycle.self = cycle
  const deep: unknown[] = []
  for (let i = 0, at = deep; i < 20_000; i++) {
    const next: unknown[] = []
    at.push(next)
    at = next
  }

  test.each([
    ['a BigInt', 1n],
    ['a BigInt inside', { a: [1n] }],
    ['a cycle', cycle],
    ['a function', () => 1],
    ['a symbol', Symbol('s')],
    ['a list too deep', deep],
    [
      'a toJSON that throws',
      {
        toJSON() {
          throw new Error('no')
        },
      },
    ],
    ['a toJSON that gives nothing', { toJSON: () => undefined }],
    [
      'a toJSON that throws what has no text',
      {
        toJSON() {
          throw Object.create(null) as Error
        },
      },
    ],
    [
      'a toJSON that throws null',
      {
        toJSON() {
          throw null as unknown as Error
        },
      },
    ],
  ])('%s', (_, data) => {
    expect(encodeData(data, MANY)).toEqual({
      ok: false,
      code: 'invalid',
      message: expect.stringMatching(
        /^The data cannot be written as JSON: (?!undefined).+\. Send objects, lists, strings, numbers or booleans\.$/s,
      ) as string,
    })
  })
})

test('T2: the failure repeats what an app’s own toJSON says', () => {
  const data = {
    toJSON() {
      throw new Error('the picture is not loaded')
    },
  }
  expect(encodeData(data, MANY)).toMatchObject({
    message: expect.stringContaining('the picture is not loaded') as string,
  })
})

describe('size', () => {
  test('is counted in bytes of UTF-8', () => {
    // Quotes count: 2 + 3 × 4.
    expect(encodeData('👋👋👋', 14)).toBe('"👋👋👋"')
    expect(encodeData('👋👋👋', 13)).toEqual({
      ok: false,
      code: 'too-large',
      message: 'data has 14 bytes: send at most 13.',
    })
  })

  test('counts a lone surrogate as it is written', () => {
    expect(encodeData('\ud800', 8)).toBe('"\\ud800"')
    expect(encodeData('\ud800', 7)).toMatchObject({ code: 'too-large' })
  })
})

test.each(['{', 'undefined', ' ', "{'a':1}"])('decodeData returns no data for text that is not JSON: %j', (text) => {
  expect(decodeData(text)).toBeUndefined()
})

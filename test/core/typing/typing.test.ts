import { expect, test } from 'vitest'
import type { Activity, TypingState } from '../../../src/core/index.ts'
import { commonActivity, isSameTypingState, parseActivity, parseLease } from '../../../src/core/typing/typing.ts'

test('parseLease takes the known fields only', () => {
  expect(parseLease({ ttl: 7000, activity: 'photo', since: 5, more: 'x' })).toEqual({
    ttl: 7000,
    activity: 'photo',
    since: 5,
  })
})

test('no lease is longer than 60 s, whatever its sender asks for', () => {
  expect(parseLease({ ttl: 1e300 }).ttl).toBe(60_000)
  expect(parseLease({ ttl: Infinity }).ttl).toBe(60_000)
})

test.each([
  undefined,
  null,
  '',
  'typing',
  42,
  true,
  [],
  {},
  { ttl: '7000' },
  { ttl: null, since: 'now' },
  { ttl: [7000] },
  // What JSON can bring and `Number` throws at.
  { ttl: { valueOf: 1, toString: 1 }, since: { valueOf: 1, toString: 1 } },
])('anything else than a lease is a release: %j', (value) => {
  expect(parseLease(value)).toEqual({ ttl: 0, activity: 'typing', since: 0 })
})

test.each(['dancing', '', null, 3, {}, '__proto__', 'toString'])(
  'an unknown activity counts as typing: %j',
  (value) => {
    expect(parseActivity(value)).toBe('typing')
  },
)

test('parseActivity returns every known activity', () => {
  for (const activity of ['typing', 'recording', 'photo', 'video', 'file', 'sticker', 'thinking']) {
    expect(parseActivity(activity)).toBe(activity)
  }
})

test.each<[Activity[], Activity]>([
  [[], 'typing'],
  [['recording'], 'recording'],
  [['photo', 'photo', 'photo'], 'photo'],
  [['photo', 'recording'], 'typing'],
  [['photo', 'photo', 'typing'], 'typing'],
])('what typists who do %j are doing together: %s', (activities, common) => {
  const typists = activities.map((activity, index) => ({ id: `typist ${index}`, activity, since: 1 }))
  expect(commonActivity(typists)).toBe(common)
})

const ann = { id: 'ann', name: 'Ann', avatar: 'ann.png', activity: 'typing', since: 1 } as const
const bob = { id: 'bob', activity: 'typing', since: 2 } as const
const both: TypingState = { typists: [ann, bob], total: 2 }

test('two states are the same if they show the same typists, in the same order, doing the same', () => {
  expect(isSameTypingState(both, { typists: [{ ...ann }, { ...bob }], total: 2 })).toBe(true)
  expect(isSameTypingState({ typists: [], total: 0 }, { typists: [], total: 0 })).toBe(true)
})

test.each<[string, TypingState]>([
  ['another total', { ...both, total: 3 }],
  ['a typist less', { typists: [ann], total: 2 }],
  ['a typist more', { typists: [ann, bob, { ...bob, id: 'cy' }], total: 2 }],
  ['another order', { typists: [bob, ann], total: 2 }],
  ['another typist in the first place', { typists: [{ ...ann, id: 'cy' }, bob], total: 2 }],
  ['another typist in the last place', { typists: [ann, { ...bob, id: 'cy' }], total: 2 }],
  ['another name', { typists: [{ ...ann, name: 'Anna' }, bob], total: 2 }],
  ['another avatar', { typists: [{ ...ann, avatar: 'new.png' }, bob], total: 2 }],
  ['another activity', { typists: [{ ...ann, activity: 'photo' }, bob], total: 2 }],
  ['another start', { typists: [{ ...ann, since: 3 }, bob], total: 2 }],
])('two states with %s are different, from either side', (_, other) => {
  expect(isSameTypingState(both, other)).toBe(false)
  expect(isSameTypingState(other, both)).toBe(false)
})

import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createKeyedRateLimit,
  createRateLimit,
  NO_RESERVE,
  type RateLimit,
  RESERVE,
} from '../../../src/server/connections/rate-limit.ts'

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['performance'] })
})
afterEach(() => {
  vi.useRealTimers()
})

/** Takes from a bucket until it is refused. Returns how many it took, and the state afterwards. */
function takeAll(limit: RateLimit, reserve: number, state?: number): { taken: number; state: number | undefined } {
  let taken = 0
  for (let next = limit.take(state, reserve); next !== undefined; next = limit.take(state, reserve)) {
    state = next
    taken++
  }
  return { taken, state }
}

test('a full bucket holds twice the rate', () => {
  expect(takeAll(createRateLimit(100), NO_RESERVE).taken).toBe(200)
  expect(takeAll(createRateLimit(1), NO_RESERVE).taken).toBe(2)
})

test('low priority leaves half of a bucket, normal a fifth, high nothing', () => {
  const limit = createRateLimit(100)
  const low = takeAll(limit, RESERVE.low)
  const normal = takeAll(limit, RESERVE.normal, low.state)
  const high = takeAll(limit, RESERVE.high, normal.state)
  expect([low.taken, normal.taken, high.taken]).toEqual([100, 60, 40])
  expect(limit.take(high.state, RESERVE.high)).toBeUndefined()
})

test('a bucket fills at the rate, and never beyond its size', () => {
  const limit = createRateLimit(100)
  const { state } = takeAll(limit, NO_RESERVE)
  vi.advanceTimersByTime(100)
  const afterTenth = takeAll(limit, NO_RESERVE, state)
  expect(afterTenth.taken).toBe(10)
  vi.advanceTimersByTime(3_600_000)
  expect(takeAll(limit, NO_RESERVE, afterTenth.state).taken).toBe(200)
})

test('a refusal takes nothing', () => {
  const limit = createRateLimit(1)
  const { state } = takeAll(limit, NO_RESERVE)
  for (let n = 0; n < 100; n++) expect(limit.take(state, NO_RESERVE)).toBeUndefined()
  vi.advanceTimersByTime(1000)
  expect(limit.take(state, NO_RESERVE)).toBeDefined()
})

test('each key has a bucket of its own', () => {
  const limit = createKeyedRateLimit(createRateLimit(1), 10)
  expect([1, 2, 3].map(() => limit.take('a', NO_RESERVE))).toEqual([true, true, false])
  expect([1, 2, 3].map(() => limit.take('b', NO_RESERVE))).toEqual([true, true, false])
})

test('with too many keys the one that was unused for longest is forgotten', () => {
  const limit = createKeyedRateLimit(createRateLimit(1), 2)
  const empty = (key: string) => {
    limit.take(key, NO_RESERVE)
    limit.take(key, NO_RESERVE)
  }
  empty('a')
  empty('b')
  // A refusal is a use, too.
  expect(limit.take('a', NO_RESERVE)).toBe(false)
  empty('c')
  expect(limit.take('a', NO_RESERVE)).toBe(false)
  expect(limit.take('c', NO_RESERVE)).toBe(false)
  expect(limit.take('b', NO_RESERVE)).toBe(true)
})

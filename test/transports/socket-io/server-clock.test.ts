import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createServerClock } from '../../../src/transports/socket-io/server-clock.ts'

const HOUR = 3_600_000

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createServerClock', () => {
  test('assumes that the server answered halfway between question and answer', () => {
    const askedAt = performance.now()
    vi.advanceTimersByTime(100)
    const clock = createServerClock(HOUR, askedAt)
    expect(clock.serverTimeAt(askedAt + 50)).toBe(HOUR)
    expect(clock.serverTimeAt(performance.now())).toBe(HOUR + 50)
    vi.advanceTimersByTime(1000)
    expect(clock.serverTimeAt(performance.now())).toBe(HOUR + 1050)
  })

  test('is valid as long as the wall clock and the steady clock go on side by side', () => {
    const clock = createServerClock(HOUR, performance.now())
    expect(clock.isValid()).toBe(true)
    vi.advanceTimersByTime(HOUR)
    expect(clock.isValid()).toBe(true)
  })

  test.each([
    [499, true],
    [-499, true],
    [500, false],
    [-500, false],
    [HOUR, false],
  ])('G1: a wall clock that jumps by %i ms leaves it valid: %s', (jump, isValid) => {
    const clock = createServerClock(HOUR, performance.now())
    vi.setSystemTime(Date.now() + jump)
    expect(clock.isValid()).toBe(isValid)
    vi.setSystemTime(Date.now() - jump)
    expect(clock.isValid()).toBe(true)
  })
})

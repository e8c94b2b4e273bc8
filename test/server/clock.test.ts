import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { isExpired, serverNow } from '../../src/server/clock.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
  vi.unstubAllGlobals()
})

test('the server’s time is the steady clock, counted from when the process began', () => {
  vi.stubGlobal('performance', { timeOrigin: 1_800_000_000_000, now: () => 1234.5 })
  expect(serverNow()).toBe(1_800_000_001_234.5)
})

test('G1: what is older than maxAge has expired, and what is just as old has not', () => {
  const at = serverNow()
  vi.advanceTimersByTime(2000)
  expect(isExpired(at, 2000)).toBe(false)
  vi.advanceTimersByTime(1)
  expect(isExpired(at, 2000)).toBe(true)
})

import { expect, test } from 'vitest'
import { createNodeClock } from '../../../src/server/cluster/node-clock.ts'

const HOUR = 3_600_000

/** An exchange with a node two hours ahead: ours took `there` to them, they kept it, theirs took `back` to us. */
function exchange(
  clock: ReturnType<typeof createNodeClock>,
  now: number,
  there: number,
  back: number,
  ahead = 2 * HOUR,
) {
  const kept = 500
  const asked = now - back - kept - there
  clock.exchange(asked, kept, now - back + ahead, now)
}

test('a clock is not known before the first exchange, and is then, however far away it is', () => {
  const clock = createNodeClock()
  expect([clock.toOurs(5), clock.margin()]).toEqual([undefined, 0])
  exchange(clock, 10_000, 3, 3)
  expect([clock.toOurs(2 * HOUR + 10_000), clock.margin()]).toEqual([10_000, 3])
})

test('the shortest of the latest exchanges knows best, and the truth is within its margin', () => {
  const clock = createNodeClock()
  exchange(clock, 10_000, 1, 5)
  exchange(clock, 12_000, 200, 2)
  expect(clock.toOurs(2 * HOUR)).toBe(2)
  expect(clock.margin()).toBe(3)
  exchange(clock, 14_000, 0.5, 0.5)
  expect(clock.toOurs(2 * HOUR)).toBe(0)
  // In time it is forgotten: clocks drift.
  for (let n = 0; n < 8; n++) exchange(clock, 16_000 + n * 2000, 2, 2)
  expect(clock.margin()).toBe(2)
})

test('an exchange that makes no sense, or took too long, is not counted', () => {
  const clock = createNodeClock()
  exchange(clock, 10_000, 600, 600)
  clock.exchange(10_000, 0, 0, 9000)
  clock.exchange(9000, -5000, 0, 9000)
  expect(clock.toOurs(0)).toBeUndefined()
})

test('a machine that has slept is found out at the next exchange', () => {
  const clock = createNodeClock()
  for (let n = 0; n < 8; n++) exchange(clock, 10_000 + n * 2000, 1, 1)
  exchange(clock, 30_000, 4, 4, 2 * HOUR - 60_000)
  expect(clock.toOurs(2 * HOUR)).toBe(60_000)
})

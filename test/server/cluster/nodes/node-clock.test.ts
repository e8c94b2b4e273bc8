import { expect, test } from 'vitest'
import { createNodeClock } from '../../../../src/server/cluster/nodes/node-clock.ts'

const HOUR = 3_600_000

interface TestExchange {
  /** When their message arrives, by our clock. */
  readonly receivedAt: number
  /** How long our message travels to them, in milliseconds. */
  readonly there: number
  /** How long their message travels to us. */
  readonly back: number
  /** How far their clock is ahead of ours. */
  readonly ahead?: number
}

/** One exchange with a node that is two hours ahead, and that answers after 500 ms. */
function exchange(clock: ReturnType<typeof createNodeClock>, { receivedAt, there, back, ahead }: TestExchange): void {
  const heldFor = 500
  const answeredAt = receivedAt - back + (ahead ?? 2 * HOUR)
  clock.learn({ askedAt: receivedAt - back - heldFor - there, heldFor, answeredAt, receivedAt })
}

test('a clock is not known before the first exchange, and is known after it, however far away it is', () => {
  const clock = createNodeClock()
  expect([clock.isKnown(), clock.toLocal(5), clock.errorBound()]).toEqual([false, undefined, 0])
  exchange(clock, { receivedAt: 10_000, there: 3, back: 3 })
  expect([clock.isKnown(), clock.toLocal(2 * HOUR + 10_000), clock.errorBound()]).toEqual([true, 10_000, 3])
})

test('the shortest of the latest exchanges counts, and the true offset is within its error bound', () => {
  const clock = createNodeClock()
  exchange(clock, { receivedAt: 10_000, there: 1, back: 5 })
  exchange(clock, { receivedAt: 12_000, there: 200, back: 2 })
  expect(clock.toLocal(2 * HOUR)).toBe(2)
  expect(clock.errorBound()).toBe(3)
  exchange(clock, { receivedAt: 14_000, there: 0.5, back: 0.5 })
  expect(clock.toLocal(2 * HOUR)).toBe(0)
  // It is forgotten after eight more exchanges, because clocks drift.
  for (let n = 0; n < 8; n++) exchange(clock, { receivedAt: 16_000 + n * 2000, there: 2, back: 2 })
  expect(clock.errorBound()).toBe(2)
})

test('an exchange that is impossible or took too long does not count', () => {
  const clock = createNodeClock()
  exchange(clock, { receivedAt: 10_000, there: 600, back: 600 })
  clock.learn({ askedAt: 10_000, heldFor: 0, answeredAt: 0, receivedAt: 9000 })
  clock.learn({ askedAt: 9000, heldFor: -5000, answeredAt: 0, receivedAt: 9000 })
  expect(clock.toLocal(0)).toBeUndefined()
})

test('the first exchange after a machine has slept replaces all earlier ones', () => {
  const clock = createNodeClock()
  for (let n = 0; n < 8; n++) exchange(clock, { receivedAt: 10_000 + n * 2000, there: 1, back: 1 })
  exchange(clock, { receivedAt: 30_000, there: 4, back: 4, ahead: 2 * HOUR - 60_000 })
  expect(clock.toLocal(2 * HOUR)).toBe(60_000)
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { createNodeClock, type NodeClock } from '../../../../src/server/cluster/peers/node-clock.ts'

const HOUR = 3_600_000
const MAX_ERROR = 500

/** By how much two clocks may drift apart while one question is answered, in milliseconds. */
const DRIFT_WITHIN_EXCHANGE = 0.2

interface TestExchange {
  /** When the answer arrives, by our clock. */
  readonly receivedAt: number
  /** How long the question is on its way, in milliseconds. */
  readonly there: number
  /** How long the answer is on its way. */
  readonly back: number
  /** How far their clock is ahead of ours. */
  readonly ahead?: number
}

/** One question and its answer. By default the other node is two hours ahead. */
const exchange = (clock: NodeClock, { receivedAt, there, back, ahead = 2 * HOUR }: TestExchange): boolean =>
  clock.learn({ askedAt: receivedAt - back - there, answeredAt: receivedAt - back + ahead, receivedAt })

describe('K1: the clock of another node', () => {
  test('is not known before the first exchange, and is known after it, however far away it is', () => {
    const clock = createNodeClock(MAX_ERROR)
    expect(clock.estimate(5)).toBeUndefined()
    expect(exchange(clock, { receivedAt: 10_000, there: 3, back: 3 })).toBe(true)
    expect(clock.estimate(10_000)).toEqual({ offset: 2 * HOUR, errorBound: 3, measuredAt: 10_000 })
  })

  test('the true offset lies within the error bound, however lopsided the delays are and however the clocks drift', () => {
    const delay = fc.oneof(fc.nat(20), fc.nat(1500), fc.double({ min: 0, max: 50, noNaN: true }))
    const step = fc.record({ there: delay, back: delay, pause: fc.oneof(fc.nat(2000), fc.nat(300_000)) })
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 1, maxLength: 20 }),
        fc.integer({ min: -24 * HOUR, max: 24 * HOUR }),
        // Parts of a million by which their clock is faster than ours.
        fc.double({ min: -199, max: 199, noNaN: true }),
        (steps, ahead, ppm) => {
          const clock = createNodeClock(MAX_ERROR)
          const offsetAt = (ours: number) => ahead + (ours * ppm) / 1e6
          let now = 0
          const check = () => {
            const estimate = clock.estimate(now)
            if (!estimate) return
            expect(estimate.errorBound).toBeLessThanOrEqual(MAX_ERROR)
            expect(Math.abs(estimate.offset - offsetAt(now))).toBeLessThanOrEqual(
              estimate.errorBound + DRIFT_WITHIN_EXCHANGE,
            )
          }
          for (const { there, back, pause } of steps) {
            const askedAt = now
            const arrivedAt = now + there
            now = arrivedAt + back
            clock.learn({ askedAt, answeredAt: arrivedAt + offsetAt(arrivedAt), receivedAt: now })
            check()
            now += pause
            check()
          }
        },
      ),
      { numRuns: 2000 },
    )
  })

  test('the shortest of the latest exchanges counts, and it is forgotten after four more, because clocks drift', () => {
    const clock = createNodeClock(MAX_ERROR)
    exchange(clock, { receivedAt: 10_000, there: 1, back: 5 })
    exchange(clock, { receivedAt: 12_000, there: 200, back: 2 })
    expect(clock.estimate(12_000)?.errorBound).toBeCloseTo(3.4)
    for (let n = 0; n < 4; n++) exchange(clock, { receivedAt: 16_000 + n * 2000, there: 20, back: 20 })
    expect(clock.estimate(22_000)).toMatchObject({ offset: 2 * HOUR, errorBound: 20 })
  })

  test('of two equal ones the later counts, and an old one becomes less exact', () => {
    const clock = createNodeClock(MAX_ERROR)
    exchange(clock, { receivedAt: 0, there: 10, back: 10 })
    // Two clocks that run 100 ppm too fast and too slow are 12 ms apart after a minute.
    expect(clock.estimate(60_000)?.errorBound).toBeCloseTo(22)
    exchange(clock, { receivedAt: 60_000, there: 10, back: 10 })
    expect(clock.estimate(60_000)).toMatchObject({ errorBound: 10, measuredAt: 60_000 })
  })

  test('is unknown again when the exchange is so old that it could be wrong by more than is allowed', () => {
    const clock = createNodeClock(MAX_ERROR)
    exchange(clock, { receivedAt: 0, there: 499, back: 499 })
    expect(clock.estimate(4000)?.errorBound).toBeCloseTo(499.8)
    expect(clock.estimate(10_000)).toBeUndefined()
  })

  test('an exchange that is impossible or took too long does not count', () => {
    const clock = createNodeClock(MAX_ERROR)
    expect(exchange(clock, { receivedAt: 10_000, there: 0, back: 1002 })).toBe(false)
    expect(clock.learn({ askedAt: 10_000, answeredAt: 0, receivedAt: 9000 })).toBe(false)
    expect(clock.estimate(10_000)).toBeUndefined()
  })

  test('the first exchange after a machine has slept contradicts all earlier ones, and replaces them', () => {
    const clock = createNodeClock(MAX_ERROR)
    for (let n = 0; n < 4; n++) exchange(clock, { receivedAt: 10_000 + n * 2000, there: 1, back: 1 })
    exchange(clock, { receivedAt: 30_000, there: 4, back: 4, ahead: 2 * HOUR - 60_000 })
    expect(clock.estimate(30_000)).toMatchObject({ offset: 2 * HOUR - 60_000, errorBound: 4 })
  })

  test('can be forgotten', () => {
    const clock = createNodeClock(MAX_ERROR)
    exchange(clock, { receivedAt: 10_000, there: 1, back: 1 })
    clock.forget()
    expect(clock.estimate(10_000)).toBeUndefined()
  })
})

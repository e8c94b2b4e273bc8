import { describe, expect, test } from 'vitest'
import { isHelloDue, isOverdue, isRetryDue, type HelloState } from '../../../src/transports/socket-io/hello-schedule.ts'

/** A transport that is online, a minute after its last hello, with no quick hellos left. */
const calm: HelloState = { isGoodEnough: true, errorShare: 0.01, quickHellosLeft: 0, sinceHello: 60_000 }

describe('a hello is due', () => {
  const cases: readonly (readonly [what: string, change: Partial<HelloState>, isDue: boolean])[] = [
    ['never while the error bound is at most an eighth of maxAge', { errorShare: 1 / 8, quickHellosLeft: 5 }, false],
    ['at once above that, while quick hellos are left', { errorShare: 0.126, quickHellosLeft: 1, sinceHello: 0 }, true],
    ['after 30 s above that, when none is left', { errorShare: 0.126, sinceHello: 29_999 }, false],
    ['after 30 s above that, when none is left', { errorShare: 0.126, sinceHello: 30_000 }, true],
    ['K1: after 5 s while it is not online', { isGoodEnough: false, errorShare: Infinity, sinceHello: 4999 }, false],
    ['K1: after 5 s while it is not online', { isGoodEnough: false, errorShare: Infinity, sinceHello: 5000 }, true],
    ['K2, K3: after 5 s where something casts doubt on it', { isGoodEnough: false, sinceHello: 4999 }, false],
    ['K2, K3: after 5 s where something casts doubt on it', { isGoodEnough: false, sinceHello: 5000 }, true],
  ]
  test.each(cases)('%s: %j', (_, change, isDue) => {
    expect(isHelloDue({ ...calm, ...change })).toBe(isDue)
  })
})

test('a refused hello is said again after a second at the earliest, and an answer is waited for for 5 s', () => {
  expect([isRetryDue(999), isRetryDue(1000)]).toEqual([false, true])
  expect([isOverdue(4999), isOverdue(5000)]).toEqual([false, true])
})

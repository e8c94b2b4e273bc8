import fc from 'fast-check'
import { expect, test } from 'vitest'
import { createSeenNumbers } from '../../../../src/server/cluster/peers/seen-numbers.ts'

test('T1: a number counts once, in whatever order and with whatever gaps the numbers arrive', () => {
  const seen = createSeenNumbers(4000)
  const isFirst = (number: number) => seen.add(number, 0)
  expect([5, 900, 3, 901, 1].map(isFirst)).toEqual([true, true, true, true, true])
  expect([1, 3, 5, 900, 901].map(isFirst)).toEqual([false, false, false, false, false])
  expect(isFirst(2)).toBe(true)
})

test('T1: a number is remembered for at least `keepFor`, and forgotten after three times that', () => {
  const keepFor = 4000
  const arrival = fc.record({ number: fc.nat(30), pause: fc.oneof(fc.nat(500), fc.nat(9000)) })
  fc.assert(
    fc.property(fc.array(arrival, { maxLength: 60 }), (arrivals) => {
      const seen = createSeenNumbers(keepFor)
      const addedAt = new Map<number, number>()
      let now = 0
      for (const { number, pause } of arrivals) {
        now += pause
        const age = now - (addedAt.get(number) ?? -Infinity)
        const isFirst = seen.add(number, now)
        if (age < keepFor) expect(isFirst).toBe(false)
        if (age >= 3 * keepFor) expect(isFirst).toBe(true)
        if (isFirst) addedAt.set(number, now)
      }
    }),
    { numRuns: 1000 },
  )
})

test('after a long silence everything is forgotten', () => {
  const seen = createSeenNumbers(4000)
  seen.add(1, 0)
  expect(seen.add(1, 60_000)).toBe(true)
})

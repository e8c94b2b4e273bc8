import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createPacketGaps } from '../../../src/server/cluster/packet-gaps.ts'

beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'performance'] }))
afterEach(() => void vi.useRealTimers())

function start() {
  let reports = 0
  const gaps = createPacketGaps(() => reports++)
  return { ...gaps, reports: () => reports, wait: (milliseconds: number) => vi.advanceTimersByTime(milliseconds) }
}

test('the first number of a sender is no gap, whichever it is', () => {
  const { packet, reminder, reports, wait } = start()
  packet('a', 7)
  reminder('b', 900)
  packet('a', 8)
  packet('b', 901)
  wait(5000)
  expect(reports()).toBe(0)
})

test('a number that is missing for 300 ms is reported once', () => {
  const { packet, reports, wait } = start()
  packet('a', 1)
  packet('a', 3)
  wait(299)
  expect(reports()).toBe(0)
  wait(1)
  expect(reports()).toBe(1)
  packet('a', 4)
  wait(5000)
  expect(reports()).toBe(1)
})

test('packets that overtake each other are not missing', () => {
  const { packet, reports, wait } = start()
  packet('a', 1)
  packet('a', 4)
  packet('a', 2)
  wait(250)
  packet('a', 3)
  wait(5000)
  expect(reports()).toBe(0)
})

test('a packet that arrives twice changes nothing', () => {
  const { packet, reports, wait } = start()
  for (const number of [1, 2, 2, 1, 3, 3]) packet('a', number)
  wait(5000)
  expect(reports()).toBe(0)
})

test('a reminder shows that the latest packets are missing', () => {
  const { packet, reminder, reports, wait } = start()
  packet('a', 1)
  reminder('a', 1)
  wait(1000)
  expect(reports()).toBe(0)
  reminder('a', 2)
  wait(300)
  expect(reports()).toBe(1)
  reminder('a', 2)
  wait(5000)
  expect(reports()).toBe(1)
})

test('a reminder that overtakes its packet is no gap', () => {
  const { packet, reminder, reports, wait } = start()
  packet('a', 1)
  reminder('a', 2)
  wait(100)
  packet('a', 2)
  wait(5000)
  expect(reports()).toBe(0)
})

test('lost packets of many senders are reported at most once a second', () => {
  const { packet, reports, wait } = start()
  for (let sender = 0; sender < 10; sender++) packet(`node ${sender}`, 1)
  for (let sender = 0; sender < 10; sender++) {
    packet(`node ${sender}`, 3)
    wait(200)
  }
  wait(1000)
  // The first one at 300 ms, and one a second until 1.8 s + 300 ms have been seen.
  expect(reports()).toBeGreaterThan(1)
  expect(reports()).toBeLessThanOrEqual(3)
})

test('a leap over more numbers than are remembered is a loss, and costs no memory', () => {
  const { packet, reports, wait } = start()
  packet('a', 1)
  packet('a', Number.MAX_SAFE_INTEGER)
  wait(300)
  expect(reports()).toBe(1)
})

test('after stop nothing is reported', () => {
  const { packet, stop, reports, wait } = start()
  packet('a', 1)
  packet('a', 3)
  stop()
  wait(5000)
  expect(reports()).toBe(0)
})

import { expect, test } from 'vitest'
import { createMessageBuffer } from '../../../../src/server/cluster/peers/message-buffer.ts'

const numbered = (number: number) => ({ number, receivedAt: number })

test('returns what was added, in order, and is empty then', () => {
  const buffer = createMessageBuffer<ReturnType<typeof numbered>>()
  expect(buffer.isEmpty()).toBe(true)
  for (const number of [1, 2, 3]) expect(buffer.add(numbered(number))).toBeUndefined()
  expect(buffer.isEmpty()).toBe(false)
  expect(buffer.drain().map(({ number }) => number)).toEqual([1, 2, 3])
  expect([buffer.isEmpty(), buffer.drain()]).toEqual([true, []])
})

test('G1: what arrived before a time is removed and returned, and the rest stays', () => {
  const buffer = createMessageBuffer<ReturnType<typeof numbered>>()
  for (const number of [1, 2, 3, 4]) buffer.add(numbered(number))
  expect(buffer.removeBefore(3).map(({ number }) => number)).toEqual([1, 2])
  expect(buffer.removeBefore(3)).toEqual([])
  expect(buffer.drain().map(({ number }) => number)).toEqual([3, 4])
})

test('G3: holds at most 1,000 messages; one more makes the oldest drop out', () => {
  const buffer = createMessageBuffer<ReturnType<typeof numbered>>()
  const droppedOut = Array.from({ length: 1002 }, (_, number) => buffer.add(numbered(number))?.number)
  expect(droppedOut.filter((number) => number !== undefined)).toEqual([0, 1])
  expect(buffer.drain()).toHaveLength(1000)
})

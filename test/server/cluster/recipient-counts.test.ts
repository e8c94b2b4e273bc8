import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createRecipientCounts } from '../../../src/server/cluster/recipient-counts.ts'
import { pass } from '../../support/cluster/link.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Waits for a count, and says what it was and how long it took. */
function measure(counting: Promise<number>) {
  const began = Date.now()
  const result: { recipients?: number; took?: number } = {}
  void counting.then((recipients) => Object.assign(result, { recipients, took: Date.now() - began }))
  return result
}

test('the count is known as soon as all nodes have answered', async () => {
  const counts = createRecipientCounts()
  const id = counts.begin()
  const result = measure(counts.wait(id, 2))
  await pass(50)
  counts.add(id, 3)
  expect(result).toEqual({})
  await pass(50)
  counts.add(id, 0)
  await pass(0)
  expect(result).toEqual({ recipients: 3, took: 100 })
  expect(vi.getTimerCount()).toBe(0)
})

test('answers count that are there before it is known how many will come', async () => {
  const counts = createRecipientCounts()
  const id = counts.begin()
  counts.add(id, 2)
  counts.add(id, 1)
  const result = measure(counts.wait(id, 2))
  await pass(0)
  expect(result).toEqual({ recipients: 3, took: 0 })
})

test('nobody has received the message: nobody is waited for', async () => {
  const counts = createRecipientCounts()
  const result = measure(counts.wait(counts.begin(), 0))
  await pass(0)
  expect(result).toEqual({ recipients: 0, took: 0 })
})

test('a node that dies delays the answer by 500 ms, and what comes later does not count', async () => {
  const counts = createRecipientCounts()
  const id = counts.begin()
  const result = measure(counts.wait(id, 2))
  counts.add(id, 1)
  await pass(499)
  expect(result).toEqual({})
  await pass(1)
  expect(result).toEqual({ recipients: 1, took: 500 })
  counts.add(id, 7)
  expect(await counts.wait(id, 2)).toBe(0)
})

test('where the engine does not say how many nodes there are, answers are waited for 200 ms', async () => {
  const counts = createRecipientCounts()
  const id = counts.begin()
  const result = measure(counts.wait(id, undefined))
  for (const recipients of [1, 2, 4]) counts.add(id, recipients)
  await pass(199)
  expect(result).toEqual({})
  await pass(1)
  expect(result).toEqual({ recipients: 7, took: 200 })
})

test('several messages are counted at the same time, and an unknown number counts for none of them', async () => {
  const counts = createRecipientCounts()
  const [first, second] = [counts.begin(), counts.begin()]
  const results = [measure(counts.wait(first, 1)), measure(counts.wait(second, 1))]
  counts.add(second, 2)
  counts.add(99, 50)
  counts.add(first, 1)
  await pass(0)
  expect(results.map(({ recipients }) => recipients)).toEqual([1, 2])
})

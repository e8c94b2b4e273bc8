import { expect, test } from 'vitest'
import { settle } from '../../src/core/settle.ts'

test('T6: a value that is there already continues within the call', () => {
  const calls: number[] = []
  expect(settle(1, (value) => calls.push(value))).toBe(1)
  expect(calls).toEqual([1])
})

test('a value that has to be waited for continues when it is there', async () => {
  const result = settle(Promise.resolve(1), (value) => value + 1)
  expect(result).toBeInstanceOf(Promise)
  await expect(result).resolves.toBe(2)
})

import { expect, test } from 'vitest'
import { createSequence } from '../../../../src/server/cluster/nodes/sequence.ts'

test('numbers that follow each other are new', () => {
  const sequence = createSequence()
  expect([1, 2, 3].map(sequence.accept)).toEqual(['new', 'new', 'new'])
})

test('nothing is missing before the first number, whatever it is', () => {
  expect(createSequence().accept(1)).toBe('new')
  expect(createSequence().accept(1000)).toBe('new')
})

test('a number that has already arrived is a duplicate, and so is an earlier one', () => {
  const sequence = createSequence()
  sequence.accept(5)
  sequence.accept(6)
  expect([6, 5, 4].map(sequence.accept)).toEqual(['duplicate', 'duplicate', 'duplicate'])
  expect(sequence.accept(7)).toBe('new')
})

test('a gap is as large as the number of missing messages, and is reported once', () => {
  const sequence = createSequence()
  sequence.accept(5)
  expect(sequence.accept(7)).toEqual({ gap: 1 })
  expect(sequence.accept(8)).toBe('new')
  expect(sequence.accept(18)).toEqual({ gap: 9 })
})

test('a message that arrives after the gap it left is a duplicate: it may have been replaced by a snapshot', () => {
  const sequence = createSequence()
  sequence.accept(1)
  expect(sequence.accept(3)).toEqual({ gap: 1 })
  expect(sequence.accept(2)).toBe('duplicate')
})

test('numbers start at 1', () => {
  const sequence = createSequence()
  expect([0, -1].map(sequence.accept)).toEqual(['duplicate', 'duplicate'])
  expect(sequence.accept(1)).toBe('new')
})

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

test('a message that arrives after the gap it left is late, and a duplicate the second time', () => {
  const sequence = createSequence()
  sequence.accept(1)
  expect(sequence.accept(4)).toEqual({ gap: 2 })
  expect([3, 2, 2, 3, 4].map(sequence.accept)).toEqual(['late', 'late', 'duplicate', 'duplicate', 'duplicate'])
  expect(sequence.accept(5)).toBe('new')
})

test('a message may be 1,024 numbers late; what is later may be a duplicate', () => {
  const sequence = createSequence()
  sequence.accept(1)
  expect(sequence.accept(4)).toEqual({ gap: 2 })
  for (let number = 5; number <= 1027; number++) expect(sequence.accept(number)).toBe('new')
  expect([2, 3].map(sequence.accept)).toEqual(['duplicate', 'late'])
})

test('a gap of any size costs no more than the window', () => {
  const sequence = createSequence()
  sequence.accept(1)
  expect(sequence.accept(Number.MAX_SAFE_INTEGER)).toEqual({ gap: Number.MAX_SAFE_INTEGER - 2 })
  expect(sequence.accept(2)).toBe('duplicate')
  expect(sequence.accept(Number.MAX_SAFE_INTEGER - 1024)).toBe('late')
})

test('what was published before the first message that arrived is not late: it may have been delivered by another way', () => {
  const sequence = createSequence()
  sequence.accept(10)
  expect(sequence.accept(9)).toBe('duplicate')
})

test('numbers start at 1', () => {
  const sequence = createSequence()
  expect([0, -1].map(sequence.accept)).toEqual(['duplicate', 'duplicate'])
  expect(sequence.accept(1)).toBe('new')
})

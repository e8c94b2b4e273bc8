import { expect, test } from 'vitest'
import { looksTheSame } from '../../../src/server/devices/device.ts'

test('two users with the same id look the same if name and picture are the same', () => {
  const ann = { id: 'ann', name: 'Ann', avatar: 'a.png' }
  expect(looksTheSame(ann, { ...ann })).toBe(true)
  expect(looksTheSame({ id: 'ann' }, { id: 'ann' })).toBe(true)
  expect(looksTheSame(ann, { ...ann, name: 'Anne' })).toBe(false)
  expect(looksTheSame(ann, { ...ann, avatar: 'b.png' })).toBe(false)
  expect(looksTheSame(ann, { id: 'ann', name: 'Ann' })).toBe(false)
})

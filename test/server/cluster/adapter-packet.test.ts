import { expect, test } from 'vitest'
import { encodePacket, parsePacket } from '../../../src/server/cluster/adapter-packet.ts'

test('a packet is read as it was written', () => {
  const packet = {
    sender: 'a',
    number: 3,
    messages: [
      { channel: 'c', message: 'm' },
      { channel: 'd', message: '' },
    ],
  }
  expect(parsePacket(encodePacket(packet))).toEqual(packet)
})

test.each([
  [],
  [undefined],
  ['a'],
  ['a', 1],
  ['', 1, []],
  ['x'.repeat(65), 1, []],
  [7, 1, []],
  ['a', 0, []],
  ['a', 1.5, []],
  ['a', NaN, []],
  ['a', '1', []],
  ['a', 1, 'c'],
  ['a', 1, { length: 1 }],
  ['a', 1, ['c']],
  ['a', 1, [['c']]],
  ['a', 1, [['c', 1]]],
  ['a', 1, [[null, 'm']]],
  [{}, [], () => {}],
])('%j is no packet', (...values) => {
  expect(parsePacket(values)).toBeUndefined()
})

import { expect, test } from 'vitest'
import { hashSlot } from '../../src/redis/hash-slot.ts'

// Compared with the answers of a Redis Cluster: hash-slot.property.test.ts.

test.each([
  { channel: '', slot: 0 },
  { channel: '123456789', slot: 12739 },
  { channel: 'ü', slot: 9552 },
])('CRC-16 of the bytes: "$channel" has slot $slot', ({ channel, slot }) => {
  expect(hashSlot(channel)).toBe(slot)
})

test.each([
  { channel: '{user1000}.following', hashed: 'user1000' },
  { channel: 'foo{{bar}}zap', hashed: '{bar' },
  { channel: 'foo{bar}{zap}', hashed: 'bar' },
  { channel: 'foo}{bar}', hashed: 'bar' },
  { channel: '{a}', hashed: 'a' },
])('only what is in the first braces counts: $channel', ({ channel, hashed }) => {
  expect(hashSlot(channel)).toBe(hashSlot(hashed))
})

test.each([
  { channel: 'foo{}{bar}', slot: 8363 },
  { channel: '{}x', slot: 10595 },
  { channel: 'foo{bar', slot: 15278 },
  { channel: 'foo}bar', slot: 7223 },
  { channel: '}{', slot: 12793 },
  { channel: '{', slot: 4092 },
])('all of it counts without filled braces: $channel', ({ channel, slot }) => {
  expect(hashSlot(channel)).toBe(slot)
})

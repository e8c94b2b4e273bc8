import fc from 'fast-check'
import { expect, test } from 'vitest'
import { hashSlot } from '../../src/redis/hash-slot.ts'
import { startRedisCluster } from '../support/cluster/redis.ts'
import { closeAll } from '../support/server/harness.ts'
import { Redis } from 'ioredis'

test('slots are those of Redis Cluster, with hash tags and letters of every kind', async () => {
  const { ports } = await startRedisCluster()
  const client = new Redis(ports[0]!, '127.0.0.1')
  const channel = fc.oneof(
    fc.string({ unit: 'grapheme' }),
    fc.string({ unit: fc.constantFrom('{', '}', 'a', 'b', 'ü', ':') }),
  )
  await fc.assert(
    fc.asyncProperty(channel, async (name) => {
      expect(hashSlot(name)).toBe(await client.cluster('KEYSLOT', name))
    }),
  )
  client.disconnect()
  await closeAll()
})

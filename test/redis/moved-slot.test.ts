import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { hashSlot } from '../../src/redis/hash-slot.ts'
import { openBusOn } from '../support/cluster/engines.ts'
import { startRedisCluster, type TestRedisCluster } from '../support/cluster/redis.ts'
import { closeAll, until } from '../support/server/harness.ts'

/** How long the client library may take until it looks at the slots again, on a busy machine, in milliseconds. */
const FOLLOW_TIMEOUT = 25_000

/** There are two moves, and two waits for each. */
const TEST_TIMEOUT = 4 * FOLLOW_TIMEOUT

describe('Redis Cluster moves the slot of a channel to another node', () => {
  let cluster: TestRedisCluster
  beforeAll(async () => {
    cluster = await startRedisCluster()
  })
  afterAll(closeAll)

  test.each(['redis', 'ioredis'] as const)(
    'B12: with %s it is subscribed there, and says so',
    async (library) => {
      const address = { name: 'redis-cluster' as const, ports: cluster.ports }
      const [publisher, receiver] = await Promise.all([openBusOn(address, library), openBusOn(address, library)])
      const channel = `moved-${library}`
      const received: string[] = []
      let timesActive = 0
      receiver.bus.subscribe(
        channel,
        (message) => received.push(message),
        () => timesActive++,
      )
      await until(() => timesActive === 1, 'the subscription is active')
      const slot = hashSlot(`om:${channel}`)
      const owner = Math.floor((slot * cluster.ports.length) / 16384)
      const others = cluster.ports.filter((_, index) => index !== owner)
      for (const port of others) {
        const before = timesActive
        cluster.moveSlot(slot, port)
        await until(() => timesActive > before, 'it is active again', FOLLOW_TIMEOUT)
        await until(
          async () => {
            await publisher.bus.publish(channel, `by way of ${port}`)
            return received.includes(`by way of ${port}`)
          },
          'a message arrives by way of the other node',
          FOLLOW_TIMEOUT,
        )
      }
      expect(await publisher.bus.publish(channel, 'last')).toBe(1)
      await Promise.all([publisher.close(), receiver.close()])
    },
    TEST_TIMEOUT,
  )
})

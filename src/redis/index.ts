import { createError } from '../core/errors.ts'
import type { Bus } from '../server/cluster/bus.ts'
import { createBusChannels } from '../server/cluster/bus-channels.ts'
import { keyPrefixOf, type Recognized, recognize, type RedisClient } from './clients.ts'
import { createClusterEngine } from './cluster-engine.ts'
import type { Connection, Topology } from './connection.ts'
import type { EngineEvents, RedisEngine } from './engine.ts'
import { connectIoRedis, ioRedisTopology } from './ioredis.ts'
import { connectNodeRedis, nodeRedisTopology } from './node-redis.ts'
import { createSingleEngine } from './single-engine.ts'

export type { Bus } from '../server/cluster/bus.ts'
export type { RedisClient } from './clients.ts'

/** The two connections of a bus on Redis, and what stands before its channels. */
export interface RedisBusOptions {
  /** Publishes. A client of `redis` or `ioredis` that is connected; the app may use it for other commands. */
  readonly publisher: RedisClient
  /** Subscribes. A second connection of the same kind: `publisher.duplicate()`. */
  readonly subscriber: RedisClient
  /**
   * Stands before each channel's name, so that several apps share one Redis.
   *
   * @default 'om:'
   */
  readonly prefix?: string
}

const DEFAULT_PREFIX = 'om:'

/**
 * A bus on Redis pub/sub: sharded (`SPUBLISH`) where the server has it, which is Redis 7 and later, and plain
 * (`PUBLISH`) elsewhere. In a Redis Cluster the bus opens two connections of its own to each node that it needs, with
 * the options of the cluster client. The app connects its clients and closes them.
 *
 * @throws TypeError if an option is not what it has to be.
 */
export function createRedisBus(options: RedisBusOptions): Bus {
  const { publisher, subscriber, prefix } = checkOptions(options)
  const events: EngineEvents = {
    onActive: (channel) => channels.onActive(channel),
    onMessage: (channel, message) => channels.onMessage(channel, message),
  }
  const engine = openEngine(publisher, subscriber, events)
  const channels = createBusChannels(engine)
  return {
    publish: (channel, message) => engine.publish(prefix + channel, message),
    subscribe: (channel, onMessage, onActive) => channels.subscribe(prefix + channel, onMessage, onActive),
  }
}

function openEngine(publisher: Recognized, subscriber: Recognized, events: EngineEvents): RedisEngine {
  const topologies = { publisher: topologyOf(publisher), subscriber: topologyOf(subscriber) }
  if (topologies.publisher && topologies.subscriber) {
    return createClusterEngine({ publisher: topologies.publisher, subscriber: topologies.subscriber }, events)
  }
  const connections = { publisher: connect(publisher), subscriber: connect(subscriber) }
  if (connections.publisher && connections.subscriber) {
    return createSingleEngine(connections.publisher, connections.subscriber, events)
  }
  throw createError(
    TypeError,
    'invalid-redis-client',
    `createRedisBus: publisher and subscriber are of two kinds. ${DUPLICATE}`,
  )
}

function topologyOf({ kind, client }: Recognized): Topology | undefined {
  if (kind === 'redis cluster') return nodeRedisTopology(client)
  return kind === 'ioredis cluster' ? ioRedisTopology(client) : undefined
}

function connect({ kind, client }: Recognized): Connection | undefined {
  if (kind === 'redis') return connectNodeRedis(client)
  return kind === 'ioredis' ? connectIoRedis(client) : undefined
}

const DUPLICATE =
  'Give a duplicate of the publisher as the subscriber: { publisher, subscriber: publisher.duplicate() }.'

function checkOptions({ publisher, subscriber, prefix = DEFAULT_PREFIX }: RedisBusOptions) {
  const clients = { publisher: checkClient('publisher', publisher), subscriber: checkClient('subscriber', subscriber) }
  if (publisher === subscriber) {
    throw createError(
      TypeError,
      'invalid-redis-client',
      `createRedisBus: publisher and subscriber are the same connection. ${DUPLICATE}`,
    )
  }
  if (typeof prefix !== 'string') {
    throw createError(TypeError, 'invalid-option', 'createRedisBus: prefix is not a string. Give one, like "my-app:".')
  }
  return { ...clients, prefix }
}

function checkClient(name: string, client: unknown): Recognized {
  const recognized = recognize(client)
  if (!recognized) {
    throw createError(
      TypeError,
      'invalid-redis-client',
      `createRedisBus: ${name} is no Redis client. Give createClient() or createCluster() of redis 4 or later, or new Redis() or new Cluster() of ioredis 5 or later.`,
    )
  }
  if (keyPrefixOf(recognized)) {
    throw createError(
      TypeError,
      'invalid-redis-client',
      `createRedisBus: ${name} has a keyPrefix, which ioredis adds to the channels. Give a client without one, and use the option prefix of createRedisBus.`,
    )
  }
  return recognized
}

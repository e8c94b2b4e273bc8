import { createAdapter as createClusterAdapter } from '@socket.io/cluster-adapter'
import { createAdapter as createRedisAdapter, createShardedAdapter } from '@socket.io/redis-adapter'
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { ServerOptions } from 'socket.io'

/** Every adapter for Redis, with each client library that it supports. */
export const ADAPTERS = [
  'redis-adapter with ioredis',
  'redis-adapter with redis',
  'sharded with ioredis',
  'sharded with redis',
  'streams with ioredis',
  'streams with redis',
] as const
export type AdapterName = (typeof ADAPTERS)[number]

export interface OpenAdapter {
  readonly adapter: NonNullable<ServerOptions['adapter']>
  close(): Promise<unknown>
}

/**
 * Those that reconnect by themselves after an outage of Redis. The others reject what is published, and nobody is
 * subscribed any more.
 */
export const RECONNECTING_ADAPTERS: readonly AdapterName[] = [
  'redis-adapter with ioredis',
  'sharded with ioredis',
  'sharded with redis',
  'streams with ioredis',
]

/**
 * Clients with the options that the documents recommend. By default, both libraries wait up to 2 s between two attempts
 * to connect, and ioredis drops its commands after 20 attempts. Lost connections are part of the tests, so errors are
 * ignored.
 */
async function openRedisClients(library: string, port: number) {
  const ignore = () => {}
  if (library === 'ioredis') {
    const publisher = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 200 }).on(
      'error',
      ignore,
    )
    const subscriber = publisher.duplicate().on('error', ignore)
    return {
      publisher,
      subscriber,
      close: () =>
        withinOneSecond([publisher.quit(), subscriber.quit()], () =>
          [publisher, subscriber].forEach((client) => client.disconnect()),
        ),
    }
  }
  const publisher = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: () => 200 } }).on(
    'error',
    ignore,
  )
  const subscriber = publisher.duplicate().on('error', ignore)
  await Promise.all([publisher.connect(), subscriber.connect()])
  return {
    publisher,
    subscriber,
    close: () =>
      withinOneSecond([publisher.close(), subscriber.close()], () =>
        [publisher, subscriber].forEach((client) => client.destroy()),
      ),
  }
}

/** Waits for clients that close, and gives up after a second: a test may have failed while Redis was down. */
export async function withinOneSecond(closing: readonly Promise<unknown>[], giveUp: () => void): Promise<void> {
  const timer = setTimeout(giveUp, 1000)
  await Promise.allSettled(closing)
  clearTimeout(timer)
}

export async function openAdapter(name: AdapterName | 'cluster-adapter', port: number): Promise<OpenAdapter> {
  if (name === 'cluster-adapter') return { adapter: createClusterAdapter(), close: async () => {} }
  const [kind, library] = name.split(' with ') as [string, string]
  const { publisher, subscriber, close } = await openRedisClients(library, port)
  const adapters = {
    streams: () => createStreamsAdapter(publisher),
    sharded: () => createShardedAdapter(publisher, subscriber),
    'redis-adapter': () => createRedisAdapter(publisher, subscriber),
  }
  const adapter = adapters[kind as keyof typeof adapters]()
  return { adapter: adapter as OpenAdapter['adapter'], close }
}

import { createAdapter as createClusterAdapter } from '@socket.io/cluster-adapter'
import { createAdapter as createRedisAdapter, createShardedAdapter } from '@socket.io/redis-adapter'
import { createAdapter as createStreamsAdapter } from '@socket.io/redis-streams-adapter'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import type { ServerOptions } from 'socket.io'

/** Every adapter over Redis, with each client it takes. */
export const PAIRS = [
  'redis-adapter with ioredis',
  'redis-adapter with redis',
  'sharded with ioredis',
  'sharded with redis',
  'streams with ioredis',
  'streams with redis',
] as const
export type Pair = (typeof PAIRS)[number]

export interface OpenAdapter {
  readonly adapter: NonNullable<ServerOptions['adapter']>
  close(): Promise<unknown>
}

/** Those that live through an outage of Redis by themselves: with the others, publishing rejects and nobody listens. */
export const SURVIVORS: readonly Pair[] = [
  'redis-adapter with ioredis',
  'sharded with ioredis',
  'sharded with redis',
  'streams with ioredis',
]

/**
 * A client of each library as the README has it; being without a connection is not news. Unless they are told otherwise
 * both wait up to 2 s between two attempts, and ioredis gives up after 20 what waits to be sent.
 */
async function openClients(library: string, port: number) {
  const quiet = () => {}
  if (library === 'ioredis') {
    const publish = new Redis(port, '127.0.0.1', { maxRetriesPerRequest: null, retryStrategy: () => 200 }).on(
      'error',
      quiet,
    )
    const listen = publish.duplicate().on('error', quiet)
    return {
      publish,
      listen,
      close: () =>
        inTime([publish.quit(), listen.quit()], () => [publish, listen].forEach((client) => client.disconnect())),
    }
  }
  const publish = createClient({ socket: { host: '127.0.0.1', port, reconnectStrategy: () => 200 } }).on('error', quiet)
  const listen = publish.duplicate().on('error', quiet)
  await Promise.all([publish.connect(), listen.connect()])
  return {
    publish,
    listen,
    close: () =>
      inTime([publish.close(), listen.close()], () => [publish, listen].forEach((client) => client.destroy())),
  }
}

/** What is still on its way is waited for, but not for ever: a test may have failed while Redis was down. */
async function inTime(ended: readonly Promise<unknown>[], giveUp: () => void): Promise<void> {
  const timer = setTimeout(giveUp, 1000)
  await Promise.allSettled(ended)
  clearTimeout(timer)
}

export async function openAdapter(pair: Pair | 'cluster-adapter', port: number): Promise<OpenAdapter> {
  if (pair === 'cluster-adapter') return { adapter: createClusterAdapter(), close: async () => {} }
  const [kind, library] = pair.split(' with ') as [string, string]
  const { publish, listen, close } = await openClients(library, port)
  const adapter =
    kind === 'streams'
      ? createStreamsAdapter(publish)
      : kind === 'sharded'
        ? createShardedAdapter(publish, listen)
        : createRedisAdapter(publish, listen)
  return { adapter: adapter as OpenAdapter['adapter'], close }
}

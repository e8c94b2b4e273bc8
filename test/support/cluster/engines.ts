/** Everything that nodes can talk to each other over, as real servers. */
import { connect as connectNats } from '@nats-io/transport-node'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import { Cluster, Redis } from 'ioredis'
import { createClient, createCluster } from 'redis'
import { type DefaultEventsMap, Server, type ServerOptions } from 'socket.io'
import { createNatsBus } from '../../../src/nats/index.ts'
import { createRedisBus } from '../../../src/redis/index.ts'
import { openAdapterBus } from '../../../src/server/cluster/adapter-bus.ts'
import type { Bus } from '../../../src/server/cluster/bus.ts'
import { type AdapterName, openAdapter, withinOneSecond } from './adapters.ts'
import { startNats } from './nats.ts'
import { countKeys, startRedis, startRedisCluster } from './redis.ts'
import type { ServerProcess } from './server-process.ts'

/** Socket.IO's adapter on Redis, and each bus. */
export const ENGINES = ['adapter', 'redis', 'redis-cluster', 'nats'] as const
export type EngineName = (typeof ENGINES)[number]

/** The client library of a bus on Redis. */
export type RedisLibrary = 'redis' | 'ioredis'

/** A connection of one node to the engine. */
export interface OpenBus {
  readonly bus: Bus
  close(): Promise<unknown>
}

/** What a node is given: one of the two. */
export interface NodeConnection {
  /** For Socket.IO's server. */
  readonly adapter?: NonNullable<ServerOptions['adapter']>
  /** For `attachOnlineMessages`. */
  readonly bus?: Bus
  close(): Promise<unknown>
}

export interface Engine extends ServerProcess {
  /** How many keys it holds. Core NATS stores nothing by its nature. */
  countStored(): Promise<number>
  readonly name: EngineName
  /** Where a node in another process finds it: `openOn` opens the same there. */
  readonly address: EngineAddress
  openBus(library?: RedisLibrary): Promise<OpenBus>
  openNode(library?: RedisLibrary): Promise<NodeConnection>
}

export interface EngineAddress {
  readonly name: EngineName
  readonly ports: readonly number[]
}

const ADAPTER: AdapterName = 'sharded with redis'

const sum = (numbers: readonly number[]) => numbers.reduce((total, number) => total + number, 0)

/** How often a lost connection is tried again, in milliseconds. */
const RECONNECT_DELAY = 200

/** Lost connections are part of the tests. */
const ignore = () => {}

export async function startEngine(name: EngineName): Promise<Engine> {
  const { server, ports } = await startServer(name)
  const address: EngineAddress = { name, ports }
  return {
    ...server,
    name,
    address,
    countStored: async () => (name === 'nats' ? 0 : sum(await Promise.all(ports.map(countKeys)))),
    openBus: (library) => openBusOn(address, library),
    openNode: (library) => openNodeOn(address, library),
  }
}

async function startServer(name: EngineName): Promise<{ server: ServerProcess; ports: readonly number[] }> {
  if (name === 'redis-cluster') {
    const server = await startRedisCluster()
    return { server, ports: server.ports }
  }
  const server = name === 'nats' ? await startNats() : await startRedis()
  return { server, ports: [server.port] }
}

export function openNodeOn(address: EngineAddress, library?: RedisLibrary): Promise<NodeConnection> {
  return address.name === 'adapter' ? openAdapter(ADAPTER, address.ports[0]!) : openBusOn(address, library)
}

export async function openBusOn({ name, ports }: EngineAddress, library: RedisLibrary = 'redis'): Promise<OpenBus> {
  const [port = 0] = ports
  if (name === 'nats') return openNats(port)
  if (name === 'adapter') return openOnAdapter(port)
  if (name === 'redis') return library === 'redis' ? openNodeRedis(port) : openIoRedis(port)
  return library === 'redis' ? openNodeRedisCluster(ports) : openIoRedisCluster(ports)
}

async function openOnAdapter(port: number): Promise<OpenBus> {
  const { publisher, subscriber, close } = await openNodeRedisClients(port)
  const io = new Server<DefaultEventsMap, DefaultEventsMap>({ adapter: createShardedAdapter(publisher, subscriber) })
  const namespace = io.of('/')
  const bus = openAdapterBus(namespace)!
  return {
    bus,
    async close() {
      bus.close()
      await namespace.adapter.close()
      await close()
    },
  }
}

async function openNats(port: number): Promise<OpenBus> {
  const connection = await connectNats({
    servers: `127.0.0.1:${port}`,
    maxReconnectAttempts: -1,
    reconnectTimeWait: RECONNECT_DELAY,
  })
  return { bus: createNatsBus(connection), close: () => connection.close() }
}

async function openNodeRedis(port: number): Promise<OpenBus> {
  const { publisher, subscriber, close } = await openNodeRedisClients(port)
  return { bus: createRedisBus({ publisher, subscriber }), close }
}

async function openNodeRedisClients(port: number) {
  const publisher = createClient({
    disableOfflineQueue: true,
    socket: { host: '127.0.0.1', port, reconnectStrategy: () => RECONNECT_DELAY },
  }).on('error', ignore)
  const subscriber = publisher.duplicate({ disableOfflineQueue: false }).on('error', ignore)
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

async function openNodeRedisCluster(ports: readonly number[]): Promise<OpenBus> {
  const publisher = createCluster({
    rootNodes: ports.map((port) => ({ url: `redis://127.0.0.1:${port}` })),
    defaults: { socket: { reconnectStrategy: () => RECONNECT_DELAY } },
  }).on('error', ignore)
  const subscriber = publisher.duplicate().on('error', ignore)
  await Promise.all([publisher.connect(), subscriber.connect()])
  return {
    bus: createRedisBus({ publisher, subscriber }),
    async close() {
      publisher.destroy()
      subscriber.destroy()
    },
  }
}

async function openIoRedis(port: number): Promise<OpenBus> {
  const publisher = new Redis(port, '127.0.0.1', {
    enableOfflineQueue: false,
    autoResendUnfulfilledCommands: false,
    maxRetriesPerRequest: null,
    retryStrategy: () => RECONNECT_DELAY,
  }).on('error', ignore)
  const subscriber = publisher.duplicate({ enableOfflineQueue: true }).on('error', ignore)
  await Promise.all([ready(publisher), ready(subscriber)])
  return {
    bus: createRedisBus({ publisher, subscriber }),
    async close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

async function openIoRedisCluster(ports: readonly number[]): Promise<OpenBus> {
  const publisher = new Cluster(
    ports.map((port) => ({ host: '127.0.0.1', port })),
    { clusterRetryStrategy: () => RECONNECT_DELAY },
  ).on('error', ignore)
  const subscriber = publisher.duplicate().on('error', ignore)
  await Promise.all([ready(publisher), ready(subscriber)])
  return {
    bus: createRedisBus({ publisher, subscriber }),
    async close() {
      publisher.disconnect()
      subscriber.disconnect()
    },
  }
}

const ready = (client: Redis | Cluster) =>
  new Promise<void>((resolve) => {
    if (client.status === 'ready') resolve()
    else client.once('ready', () => resolve())
  })

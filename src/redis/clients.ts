/**
 * The clients that `createRedisBus` takes, by what it uses of them. The library does not import theirs, so that an app
 * installs only the one it needs.
 */

/* Method syntax on purpose: the libraries' own types are narrower in their parameters. */

/** Of the messages; other events have no values that are read. */
type EventListener = (channel: string, message: string) => void

interface Emitter {
  /** Adds a listener of an event. */
  on(event: string, listener: EventListener): unknown
  /** Removes a listener. */
  off(event: string, listener: EventListener): unknown
}

type NodeRedisListener = (message: string, channel: string) => void

/** `createClient()` of `redis`, versions 4, 5 and 6. */
export interface NodeRedisClient extends Emitter {
  /** Whether commands are written at once. */
  readonly isReady: boolean
  /** Whether the app has connected the client, and not closed it. */
  readonly isOpen: boolean
  /** Sends any command. */
  sendCommand(words: string[]): Promise<unknown>
  /** Begins plain pub/sub. */
  subscribe(channel: string, listener: NodeRedisListener): Promise<unknown>
  /** Ends plain pub/sub. */
  unsubscribe(channel: string, listener: NodeRedisListener): Promise<unknown>
  /** Begins sharded pub/sub. */
  sSubscribe(channel: string, listener: NodeRedisListener): Promise<unknown>
  /** Ends sharded pub/sub. */
  sUnsubscribe(channel: string, listener: NodeRedisListener): Promise<unknown>
}

/** `createCluster()` of `redis`, versions 4, 5 and 6. */
export interface NodeRedisCluster {
  /** The node that owns each slot. */
  readonly slots: readonly object[]
  /** The nodes that own slots. */
  readonly masters: readonly object[]
  /** Sends any command to the node that owns a key. */
  sendCommand(firstKey: string, isReadonly: boolean, words: string[]): Promise<unknown>
}

/** `new Redis()` of `ioredis`, versions 5 and 6. */
export interface IoRedisClient extends Emitter {
  /** `ready` when commands are written at once. */
  readonly status: string
  /** What the app has given. */
  readonly options: object
  /** Sends any command. */
  call(command: string, ...words: string[]): Promise<unknown>
  /** Begins plain pub/sub. */
  subscribe(...channels: string[]): Promise<unknown>
  /** Ends plain pub/sub. */
  unsubscribe(...channels: string[]): Promise<unknown>
  /** Begins sharded pub/sub. */
  ssubscribe(...channels: string[]): Promise<unknown>
  /** Ends sharded pub/sub. */
  sunsubscribe(...channels: string[]): Promise<unknown>
}

/** `new Cluster()` of `ioredis`, versions 5 and 6. */
export interface IoRedisCluster {
  /** `end` when the app has closed the client. */
  readonly status: string
  /** What the app has given. */
  readonly options: object
  /** The addresses of the nodes of each slot, the owner's first. */
  readonly slots: readonly (readonly string[])[]
  /** The connections to the nodes. */
  nodes(role?: 'master'): readonly object[]
  /** Asks for the owners of the slots again. */
  refreshSlotsCache(callback?: () => void): void
}

/** A client of `redis` or `ioredis`, for one server or for a Redis Cluster. */
export type RedisClient = NodeRedisClient | NodeRedisCluster | IoRedisClient | IoRedisCluster

export type Recognized =
  | { readonly kind: 'redis'; readonly client: NodeRedisClient }
  | { readonly kind: 'redis cluster'; readonly client: NodeRedisCluster }
  | { readonly kind: 'ioredis'; readonly client: IoRedisClient }
  | { readonly kind: 'ioredis cluster'; readonly client: IoRedisCluster }

/** Recognizes a client by its methods; `undefined` for anything else. */
export function recognize(client: unknown): Recognized | undefined {
  if (typeof client !== 'object' || client === null) return undefined
  const has = (...methods: string[]) =>
    methods.every((method) => typeof (client as Record<string, unknown>)[method] === 'function')
  if (has('refreshSlotsCache', 'nodes')) return { kind: 'ioredis cluster', client: client as IoRedisCluster }
  if (has('ssubscribe', 'call')) return { kind: 'ioredis', client: client as IoRedisClient }
  if ('slots' in client && has('sSubscribe', 'nodeClient')) {
    return { kind: 'redis cluster', client: client as NodeRedisCluster }
  }
  if (has('sSubscribe', 'sendCommand')) return { kind: 'redis', client: client as NodeRedisClient }
  return undefined
}

/** What ioredis puts before every channel by itself. */
export function keyPrefixOf({ kind, client }: Recognized): string | undefined {
  if (kind !== 'ioredis' && kind !== 'ioredis cluster') return undefined
  const { keyPrefix, redisOptions } = client.options as {
    keyPrefix?: string
    redisOptions?: { keyPrefix?: string }
  }
  return keyPrefix || redisOptions?.keyPrefix
}

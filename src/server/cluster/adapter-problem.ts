import type { Namespace } from 'socket.io'

type Adapter = Namespace['adapter']

const USE_REDIS = 'Use @socket.io/redis-adapter, or @socket.io/cluster-adapter on one machine.'

/** What breaks with one adapter, by the name of its class. */
const PROBLEMS: Readonly<Record<string, (adapter: Adapter) => string | undefined>> = {
  MongoAdapter: () =>
    `@socket.io/mongo-adapter inserts every message between nodes into a collection, where it can be read, and plays it again after an interruption: online messages are stored, and may be late. ${USE_REDIS}`,
  PostgresAdapter: () =>
    `@socket.io/postgres-adapter stores messages of more than 8000 bytes in a table, and with a pool of several connections messages overtake each other between nodes. ${USE_REDIS}`,
  RedisStreamsAdapter: (adapter) =>
    // Before 0.3 every message went into the stream, and only the class could encode one.
    'encode' in adapter
      ? undefined
      : '@socket.io/redis-streams-adapter before 0.3 stores every message between nodes in a stream. Use version 0.3 or later.',
}

/**
 * Says which guarantee an adapter breaks, and the fix; `undefined` for one that keeps them all. The adapters are
 * recognized by the names of their classes and by what they lack.
 */
export function adapterProblem(namespace: Namespace): string | undefined {
  const { adapter } = namespace
  const { name } = adapter.constructor
  const problem = Object.hasOwn(PROBLEMS, name) ? PROBLEMS[name]?.(adapter) : undefined
  if (problem !== undefined) return problem
  if (!reachesOthers(adapter)) {
    if (!broadcastsToOthers(adapter)) return undefined
    return `the adapter ${name} has no serverSideEmit, so online messages reach nobody on other nodes. In place of socket.io-redis use @socket.io/redis-adapter 7 or later.`
  }
  if (receivesFromOthers(namespace)) return undefined
  return 'Socket.IO 4.0 has no serverSideEmit, so online messages reach nobody on other nodes. Use Socket.IO 4.1 or later.'
}

/**
 * Whether an adapter knows of other nodes. Such an adapter overrides the `serverSideEmit` of Socket.IO's in-memory
 * adapter, which only prints a warning.
 */
export const reachesOthers = (adapter: Adapter): boolean => definitionsOf(adapter, 'serverSideEmit') > 1

/** Socket.IO 4.0 lacks what an adapter calls with the messages of other nodes: the process would end. */
export const receivesFromOthers = (namespace: Namespace): boolean => typeof namespace._onServerSideEmit === 'function'

/** Socket.IO's own adapters for one node. The second one keeps packets for connection-state recovery. */
const IN_MEMORY = new Set(['Adapter', 'SessionAwareAdapter'])

/** Whether an adapter sends the app's own broadcasts to other nodes. */
const broadcastsToOthers = (adapter: Adapter): boolean =>
  !IN_MEMORY.has(adapter.constructor.name) && definitionsOf(adapter, 'broadcast') > 1

/** How many classes of an object define a method. */
function definitionsOf(object: object, method: string): number {
  let count = 0
  for (let link: unknown = object; link; link = Object.getPrototypeOf(link)) {
    if (Object.hasOwn(link, method)) count++
  }
  return count
}

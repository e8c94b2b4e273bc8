import { atEnd, startServer, type TestServer, type TestServerOptions, until } from '../server/harness.ts'
import { type AdapterName, openAdapter } from './adapters.ts'
import {
  createMemoryEngine,
  type MemoryConnection,
  type MemoryEngine,
  type MemoryEngineOptions,
} from './memory-engine.ts'

/** For tests that do not depend on the adapter. */
export const DEFAULT_ADAPTER: AdapterName = 'sharded with redis'

/** Starts a node on a Redis, in this process. */
async function startNode(
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  adapterName: AdapterName = DEFAULT_ADAPTER,
): Promise<TestServer> {
  const { adapter, close } = await openAdapter(adapterName, port)
  atEnd(close)
  return startServer({ io: { adapter }, plugin })
}

/** Starts several nodes on a Redis, and waits until what each of them publishes reaches all others. */
export async function startNodes(
  count: number,
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  adapterName: AdapterName = DEFAULT_ADAPTER,
): Promise<TestServer[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(port, plugin, adapterName)))
  await untilConnected(nodes)
  return nodes
}

const HELLO = 'test:hello' as never

/** An adapter subscribes in the background: it does not say when its node begins to receive. */
async function untilConnected(nodes: readonly TestServer[]): Promise<void> {
  const heard = nodes.map(() => new Set<number>())
  for (const [index, { io }] of nodes.entries()) {
    io.on(HELLO, ((from: number) => heard[index]?.add(from)) as never)
  }
  await until(() => {
    for (const [index, { io }] of nodes.entries()) io.serverSideEmit(HELLO, index)
    return heard.every(({ size }) => size === nodes.length - 1)
  }, 'all nodes hear each other')
}

/** Nodes on an engine in this process. */
export interface MemoryNodes {
  readonly engine: MemoryEngine
  readonly nodes: [TestServer, TestServer, TestServer]
  /** The connection of each node to the engine. */
  readonly connections: readonly MemoryConnection[]
}

/** Starts several nodes on an engine in this process. Sockets are real. */
export async function startMemoryNodes(
  count: number,
  plugin: TestServerOptions['plugin'] = {},
  options: MemoryEngineOptions = {},
): Promise<MemoryNodes> {
  const engine = createMemoryEngine(options)
  const connections = Array.from({ length: count }, () => engine.connect())
  const nodes = await Promise.all(connections.map(({ bus }) => startServer({ plugin: { bus, ...plugin } })))
  return { engine, connections, nodes: nodes as MemoryNodes['nodes'] }
}

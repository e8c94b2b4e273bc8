import { type TestServer, type TestServerOptions, startServer, atEnd, until } from '../server/harness.ts'
import { openAdapter, type AdapterName } from './adapters.ts'

/** For tests that do not depend on the adapter. */
export const DEFAULT_ADAPTER: AdapterName = 'sharded with redis'

/** Starts a node on a Redis, in this process. */
export async function startNode(
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  adapterName: AdapterName = DEFAULT_ADAPTER,
): Promise<TestServer> {
  const { adapter, close } = await openAdapter(adapterName, port)
  atEnd(close)
  return startServer({ io: { adapter }, plugin })
}

/** Starts several nodes, and waits until each knows all others. */
export async function startNodes(
  count: number,
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  adapterName: AdapterName = DEFAULT_ADAPTER,
): Promise<TestServer[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(port, plugin, adapterName)))
  await untilAllAlive(nodes)
  return nodes
}

/** Waits until each node knows that all others are alive. */
export const untilAllAlive = (nodes: readonly TestServer[], others: number = nodes.length - 1): Promise<void> =>
  until(() => nodes.every(({ online }) => online.stats().bus?.nodes === others), 'all nodes know each other')

import { type TestServer, type TestServerOptions, startServer, atEnd, until } from '../server/harness.ts'
import { openAdapter, type Pair } from './adapters.ts'

/** The pair for what does not depend on it. */
export const ANY_PAIR: Pair = 'sharded with redis'

/** Another node on the same Redis, in this process. */
export async function startNode(
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  pair: Pair = ANY_PAIR,
): Promise<TestServer> {
  const { adapter, close } = await openAdapter(pair, port)
  atEnd(close)
  return startServer({ io: { adapter }, plugin })
}

/** Several nodes that know each other. */
export async function startNodes(
  count: number,
  port: number,
  plugin: TestServerOptions['plugin'] = {},
  pair: Pair = ANY_PAIR,
): Promise<TestServer[]> {
  const nodes = await Promise.all(Array.from({ length: count }, () => startNode(port, plugin, pair)))
  await allMet(nodes)
  return nodes
}

/** Waits until each node hears all others. */
export const allMet = (nodes: readonly TestServer[], others: number = nodes.length - 1): Promise<void> =>
  until(() => nodes.every(({ online }) => online.stats().bus?.nodes === others), 'all nodes hear each other')

import { createTestNode, type TestNode } from './test-node.ts'
import type { BusContractCase, MakeBusNetwork } from './bus-network.ts'

/** What a case gets. */
export interface BusCaseContext {
  join(): Promise<TestNode>
  /** The name of a channel of this run: no other case uses it. */
  channel(name: string): string
  interrupt(): Promise<void>
  restore(): Promise<void>
}

type Check = (context: BusCaseContext) => Promise<void>

export const busRule = (name: string, check: Check): BusContractCase => ({
  name,
  interrupts: false,
  run: (make) => runBusCase(make, check),
})

/** A case that interrupts the engine. */
export const interruptionRule = (name: string, check: Check): BusContractCase => ({
  ...busRule(name, check),
  interrupts: true,
})

let runs = 0

async function runBusCase(make: MakeBusNetwork, check: Check): Promise<void> {
  const network = await make()
  const subscriptions: (() => void)[] = []
  const lastChecks: (() => void)[] = []
  runs++
  // Unique also among processes that share an engine.
  const run = `contract-${runs}-${Math.random().toString(36).slice(2)}`
  let nodes = 0
  const join = async () => {
    nodes++
    return createTestNode({ owner: `node ${nodes}`, bus: await network.join(), subscriptions, lastChecks })
  }
  try {
    await check({
      join,
      channel: (name) => `${run}:${name}`,
      async interrupt() {
        await network.interrupt?.()
      },
      async restore() {
        await network.restore?.()
      },
    })
    for (const test of lastChecks) test()
  } finally {
    for (const unsubscribe of subscriptions) unsubscribe()
    await network.close?.()
  }
}

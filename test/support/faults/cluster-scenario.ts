import type { Conversation, OnlineMessage, TypingState } from '../../../src/core/index.ts'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { type Engine, type EngineName, startEngine } from '../cluster/engines.ts'
import { type BusFaults, createFaultyBus, type FaultyBus } from '../cluster/faulty-bus.ts'
import { type NodeProcess, startNodeProcess } from '../cluster/node-process.ts'
import { clientsOf, names, startServer, type TestClient, type TestServer } from '../server/harness.ts'
import { becomesTrue, sharedNow, until } from '../until.ts'
import { createLedger, type Expectation, type Ledger, LATE, type Tally } from './ledger.ts'
import type { Payload } from './types.ts'

const COMMAND = 'note'

/** Between two messages of somebody who keeps on sending, in milliseconds. */
const SEND_INTERVAL = 50

/** How long a run may take, in milliseconds. */
const RUN_TIMEOUT = 90_000

/** A row of the fault table of several nodes. */
export interface ClusterRow {
  readonly title: string
  /** Options of the plug-in on every node. */
  readonly plugin?: Partial<OnlineMessageServerOptions>
  run(scenario: ClusterScenario): Promise<void>
}

/** A node in this process, and the way between it and the engine. */
export interface ScenarioNode {
  readonly server: TestServer
  readonly bus: FaultyBus
}

/** Somebody who sends a message every 50 ms. */
export interface Talk {
  /** What has to become of the messages from now on. */
  expect(expectation: Expectation): void
  /** How many messages have been sent. */
  count(): number
  end(): void
}

/** What a row of the table works with. */
export interface ClusterScenario {
  readonly engine: Engine
  readonly ledger: Ledger
  /** Notes a problem unless the condition is true. */
  check(condition: boolean, problem: string): void
  startNode(faults?: BusFaults): Promise<ScenarioNode>
  /** @param clockAhead of its clock before ours, in milliseconds. */
  startNodeProcess(clockAhead?: number): Promise<NodeProcess>
  /** Connects a client to a node in this process, or to the URL of one in another process. */
  connect(name: string, to: TestServer | string): Promise<TestClient>
  /** Enters in the ledger what a client receives. Waits until the subscription has taken effect. */
  receive(client: TestClient, name: string, conversation: Conversation): Promise<void>
  /** The typists that a client shows, oldest first. */
  watch(client: TestClient, conversation: Conversation): Promise<TypingState[]>
  send(from: TestClient, to: Conversation, count: number, expectation: Expectation): Promise<void>
  talk(from: TestClient, to: Conversation, expectation: Expectation): Talk
  /** Waits until a client receives what is sent now. @returns after how many milliseconds. */
  untilReached(name: string, within: number): Promise<number>
  /** Waits until the subscriptions of a node in another process have taken effect. */
  untilSubscribed(node: NodeProcess): Promise<void>
  untilTypists(states: readonly TypingState[], expected: readonly string[], within: number): Promise<void>
  /** Waits until every message has been received that has to be. */
  settle(): Promise<void>
}

export interface ClusterRun {
  readonly row: ClusterRow
  readonly engineName: EngineName
  readonly tally: Tally
  readonly problems: readonly string[]
  readonly seconds: number
}

let runCount = 0

/** Runs one row on one engine. Whatever happens, it leaves nothing running. */
export async function runClusterRow(row: ClusterRow, engineName: EngineName): Promise<ClusterRun> {
  const ledger = createLedger(`cluster-${process.pid}-${++runCount}-`)
  const problems: string[] = []
  const cleanups: (() => unknown)[] = []
  const began = sharedNow()
  const { plugin = {} } = row
  const nodes: TestServer[] = []
  const latestSentAt = new Map<string, number>()
  const engine = await startEngine(engineName)

  const untilSubscribed = () =>
    until(() => nodes.every(({ online }) => online.stats().bus?.pending === 0), 'every subscription has taken effect')

  const sendOne = async (from: TestClient, to: Conversation, expectation: Expectation) => {
    const [payload] = ledger.issue(1, expectation, from.user) as [Payload]
    await from.client.send(to, COMMAND, { ...payload, at: sharedNow() })
  }

  const scenario: ClusterScenario = {
    engine,
    ledger,
    check(condition, problem) {
      if (!condition) problems.push(problem)
    },
    async startNode(faults = {}) {
      const opened = await engine.openBus()
      cleanups.push(() => opened.close())
      const bus = createFaultyBus(opened.bus, faults)
      const server = await startServer({ plugin: { ...plugin, bus } })
      cleanups.push(() => server.close())
      nodes.push(server)
      return { server, bus }
    },
    async startNodeProcess(clockAhead = 0) {
      const node = await startNodeProcess({ engine: engine.address, clockAhead })
      cleanups.push(() => node.kill())
      return node
    },
    async connect(name, to) {
      const [user = name] = name.split(' ')
      const client = await (typeof to === 'string' ? clientsOf(to) : to).connect(user)
      cleanups.push(() => client.close())
      return client
    },
    async receive(client, name, conversation) {
      client.client.subscribe(conversation, COMMAND, ({ data }: OnlineMessage) => {
        const payload = data as Payload
        const now = sharedNow()
        latestSentAt.set(name, Math.max(payload.at, latestSentAt.get(name) ?? 0))
        ledger.recordReceived(name, payload, now)
      })
      await client.settled()
      await untilSubscribed()
    },
    async watch(client, conversation) {
      const states = await client.watch(conversation)
      await untilSubscribed()
      return states
    },
    async send(from, to, count, expectation) {
      for (let sent = 0; sent < count; sent++) await sendOne(from, to, expectation)
    },
    talk(from, to, first) {
      let expectation = first
      let count = 0
      const timer = setInterval(() => {
        count++
        void sendOne(from, to, expectation)
      }, SEND_INTERVAL)
      const end = () => clearInterval(timer)
      cleanups.push(end)
      return {
        expect(next) {
          expectation = next
        },
        count: () => count,
        end,
      }
    },
    async untilReached(name, within) {
      const since = sharedNow()
      const isReached = await becomesTrue(() => (latestSentAt.get(name) ?? 0) > since, within)
      scenario.check(isReached, `${name} receives nothing within ${within} ms`)
      return sharedNow() - since
    },
    untilSubscribed: (node) =>
      until(async () => (await node.stats()).bus?.pending === 0, 'every subscription there has taken effect'),
    async untilTypists(states, expected, within) {
      const shown = () => names(states.at(-1)) ?? []
      const isRight = await becomesTrue(() => [...shown()].sort().join() === [...expected].sort().join(), within)
      scenario.check(
        isRight,
        `after ${within} ms ${shown().join() || 'nobody'} types, not ${expected.join() || 'nobody'}`,
      )
    },
    async settle() {
      await becomesTrue(() => ledger.missing().length === 0, 2 * LATE)
    },
  }

  let timer: NodeJS.Timeout | undefined
  const timedOut = new Promise<never>((_, reject) => {
    timer = setTimeout(() => reject(new Error(`the run is not over after ${RUN_TIMEOUT} ms`)), RUN_TIMEOUT)
  })
  try {
    await Promise.race([row.run(scenario), timedOut])
    ledger.recordViolation('stored', await engine.countStored())
    for (const missing of ledger.missing()) problems.push(`not received: message ${missing}`)
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    clearTimeout(timer)
    for (const cleanUp of cleanups.reverse()) await cleanUp()
    await engine.kill()
  }
  return { row, engineName, tally: ledger.tally(), problems, seconds: (sharedNow() - began) / 1000 }
}

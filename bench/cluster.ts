/**
 * Simulates 64 nodes and 100,000 devices on one engine, in real time: what the engine carries, what a node spends, and what
 * a device weighs. `kit/population.ts` says who does what. The nodes run the server's real code, several in one process;
 * connections are left out. Ten times of everything is the plan for a million.
 *
 *   npm run bench:cluster [nats]
 */
import { type EngineLoad, type MeasuredEngine, startMeasuredEngine } from './kit/engine-meter.ts'
import { DEVICES, NODES, type Rates, RATES } from './kit/population.ts'
import { type BenchProcess, type Load, printTable, sleep, startProcess } from './kit/processes.ts'
import { type NodeTotals, runNodes } from './kit/simulated-nodes.ts'

const PROCESSES = 4
const NODES_PER_PROCESS = NODES / PROCESSES

/** By how much a million is more than what is simulated. */
const TO_A_MILLION = 1_000_000 / DEVICES

const NO_RATES: Rates = { messages: 0, groupMessages: 0, typing: 0, groupTyping: 0, switches: 0 }

/** What the devices do for a while. */
interface Phase {
  readonly name: string
  readonly rates: Rates
  /** How long it goes on before it is measured, in milliseconds: until as much ends as begins. */
  readonly rampUp: number
  /** How long it is measured, in milliseconds. */
  readonly measured: number
}

/** Until closed conversations have lingered for long enough, and until typing sessions end. In milliseconds. */
const LINGERED = 7000
const TYPED = 11_000

/** How long messages are sent before the first phase, in milliseconds. */
const WARM_UP = 4000

const PHASES: readonly Phase[] = [
  { name: 'nothing', rates: NO_RATES, rampUp: LINGERED, measured: 4000 },
  { name: 'one-to-one messages', rates: { ...NO_RATES, messages: RATES.messages }, rampUp: 1000, measured: 5000 },
  {
    name: 'messages to groups',
    rates: { ...NO_RATES, groupMessages: RATES.groupMessages },
    rampUp: 1000,
    measured: 6000,
  },
  {
    name: 'switching conversations',
    rates: { ...NO_RATES, switches: RATES.switches },
    rampUp: LINGERED,
    measured: 6000,
  },
  {
    name: 'typing',
    rates: { ...NO_RATES, typing: RATES.typing, groupTyping: RATES.groupTyping },
    rampUp: TYPED,
    measured: 6000,
  },
  { name: 'everything', rates: RATES, rampUp: LINGERED, measured: 8000 },
]

/** Everything that is counted, at one time. */
interface Snapshot {
  readonly at: number
  readonly engine: EngineLoad
  readonly nodes: readonly NodeTotals[]
}

/** What a phase has cost: a second, in all, unless it says something else. */
interface Cost {
  readonly name: string
  readonly done: number
  readonly published: number
  readonly received: number
  /** To devices, typing updates as well. */
  readonly delivered: number
  readonly bytesIn: number
  readonly bytesOut: number
  /** Cores. */
  readonly engineCpu: number
  readonly nodeCpu: number
  readonly aboutClocks: number
  /** In all of the time. */
  readonly lost: number
  /** 99th percentile of the event-loop delay of the slowest process, in milliseconds. 10 when it has nothing to do. */
  readonly delay: number
}

const processes: BenchProcess[] = []
const requestAll = <T>(name: string, argument?: unknown): Promise<T[]> =>
  Promise.all(processes.map((child) => child.request<T>(name, argument)))

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0)

async function takeSnapshot(engine: MeasuredEngine): Promise<Snapshot> {
  const [load, nodes] = await Promise.all([engine.readLoad(), requestAll<NodeTotals>('totals')])
  return { at: performance.now(), engine: load, nodes }
}

/** Compiles the code, and lets the nodes learn each other's clocks, which the first message between two of them costs. */
async function warmUp(): Promise<void> {
  await requestAll('setRates', { ...NO_RATES, messages: RATES.messages, groupMessages: RATES.groupMessages })
  await sleep(WARM_UP)
}

async function run(phase: Phase, engine: MeasuredEngine): Promise<Cost> {
  await requestAll('setRates', phase.rates)
  await sleep(phase.rampUp)
  const before = await takeSnapshot(engine)
  await requestAll('begin')
  await sleep(phase.measured)
  const loads = await requestAll<Load>('end')
  const after = await takeSnapshot(engine)
  const seconds = (after.at - before.at) / 1000
  const rate = (read: (totals: NodeTotals) => number) =>
    (sum(after.nodes.map(read)) - sum(before.nodes.map(read))) / seconds
  return {
    name: phase.name,
    done: rate(({ done }) => sum(Object.values(done))),
    published: rate(({ published }) => published),
    received: rate(({ received }) => received),
    delivered: rate(({ delivered }) => delivered),
    aboutClocks: rate(({ aboutClocks }) => aboutClocks),
    bytesIn: rate(({ traffic }) => traffic.written),
    bytesOut: rate(({ traffic }) => traffic.read),
    engineCpu: (after.engine.cpu - before.engine.cpu) / seconds,
    nodeCpu: sum(loads.map(({ cpu }) => cpu)),
    lost: rate(({ dropped, notPublished }) => dropped + notPublished) * seconds,
    delay: Math.max(...loads.map(({ delay }) => delay.p99)),
  }
}

const whole = (value: number) => Math.round(value).toLocaleString('en')
const megabytes = (bytes: number) => (bytes / 1e6).toFixed(2)

function printCosts(costs: readonly Cost[]): void {
  printTable(
    [
      'what the devices do',
      'times a second',
      'messages a second in',
      'out',
      'about clocks',
      'deliveries',
      'MB/s in',
      'out',
      'cores, engine',
      'cores, all nodes',
      'p99 ms',
    ],
    costs.map((cost) => [
      cost.name,
      whole(cost.done),
      whole(cost.published),
      whole(cost.received),
      whole(cost.aboutClocks),
      whole(cost.delivered),
      megabytes(cost.bytesIn),
      megabytes(cost.bytesOut),
      cost.engineCpu.toFixed(3),
      cost.nodeCpu.toFixed(3),
      cost.delay.toFixed(0),
    ]),
  )
}

/** What one of it costs, and what remains is the cost of doing nothing. */
function printPerAction(costs: readonly Cost[]): void {
  const [idle, ...others] = costs
  console.log()
  printTable(
    ['one of it', 'messages in', 'out', 'bytes in', 'out', 'engine CPU µs', 'node CPU µs', 'node CPU µs a message'],
    others.map((cost) => {
      const nodeCpu = (cost.nodeCpu - idle!.nodeCpu) * 1e6
      return [
        cost.name,
        (cost.published / cost.done).toFixed(2),
        (cost.received / cost.done).toFixed(2),
        whole(cost.bytesIn / cost.done),
        whole(cost.bytesOut / cost.done),
        ((1e6 * (cost.engineCpu - idle!.engineCpu)) / cost.done).toFixed(0),
        (nodeCpu / cost.done).toFixed(0),
        (nodeCpu / (cost.published + cost.received)).toFixed(0),
      ]
    }),
  )
}

function printPlan(
  { bytesIn, bytesOut, published, received, delivered, engineCpu, nodeCpu }: Cost,
  end: Snapshot,
  weight: Weight,
): void {
  const channels = sum(end.nodes.map((totals) => totals.channels))
  const million = (value: number) => value * TO_A_MILLION
  console.log()
  printTable(
    ['everything', `${whole(DEVICES)} devices`, 'of it a node', 'a million, in proportion', 'of it a node'],
    [
      ['messages a second into the engine', published],
      ['messages a second out of it', received],
      ['deliveries to devices a second', delivered],
      ['MB/s into the engine', bytesIn / 1e6],
      ['MB/s out of it', bytesOut / 1e6],
      ['subscriptions of all nodes', channels],
      ['memory of the engine, MB', end.engine.memory / 1e6],
      ['memory of the devices, MB', (weight.heap * DEVICES) / 1e6],
      ['cores of the engine', engineCpu],
      ['cores of all nodes', nodeCpu],
    ].map(([name, value]) => {
      const figure = (amount: number) => (amount < 10 ? amount.toFixed(3) : whole(amount))
      const all = value as number
      return [name as string, figure(all), figure(all / NODES), figure(million(all)), figure(million(all) / NODES)]
    }),
  )
}

/** Bytes for each device. */
interface Weight {
  readonly heap: number
  readonly rss: number
  readonly engine: number
}

async function bench(engineName: 'redis' | 'nats'): Promise<void> {
  const began = performance.now()
  const engine = await startMeasuredEngine(engineName)
  for (let index = 0; index < PROCESSES; index++) processes.push(startProcess('nodes'))
  await Promise.all(
    processes.map((child, index) =>
      child.request('start', {
        engine: engine.address,
        first: index * NODES_PER_PROCESS,
        nodes: NODES_PER_PROCESS,
      }),
    ),
  )
  const empty = await requestAll<Memory>('memory')
  const emptyEngine = await engine.readLoad()
  const connectingSince = performance.now()
  const connected = await Promise.all(
    processes.map((child, index) => child.request<number>('connectAll', index * NODES_PER_PROCESS)),
  )
  const connecting = (performance.now() - connectingSince) / 1000
  const full = await requestAll<Memory>('memory')
  const fullEngine = await engine.readLoad()
  const weight: Weight = {
    heap: (sum(full.map(({ heap }) => heap)) - sum(empty.map(({ heap }) => heap))) / DEVICES,
    rss: (sum(full.map(({ rss }) => rss)) - sum(empty.map(({ rss }) => rss))) / DEVICES,
    engine: (fullEngine.memory - emptyEngine.memory) / DEVICES,
  }
  await warmUp()
  const costs: Cost[] = []
  for (const phase of PHASES) costs.push(await run(phase, engine))
  const end = await takeSnapshot(engine)
  const channels = sum(end.nodes.map((totals) => totals.channels))
  const { cpu } = fullEngine
  console.log(`${engineName}; Node ${process.version}; ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
  console.log(
    `${whole(sum(connected))} devices on ${NODES} nodes connected within ${connecting.toFixed(0)} s, which took ${cpu.toFixed(1)} s of the engine's CPU.`,
  )
  console.log(
    `A device weighs ${(weight.heap / 1000).toFixed(1)} kB of heap (${(weight.rss / 1000).toFixed(1)} kB of RSS) on its node and ${(weight.engine / 1000).toFixed(1)} kB on the engine.`,
  )
  console.log(`A node has ${whole(channels / NODES)} subscriptions, the engine ${whole(end.engine.subscriptions)}.\n`)
  printCosts(costs)
  printPerAction(costs)
  printPlan(costs.at(-1)!, end, weight)
  const lost = sum(costs.map((cost) => cost.lost))
  console.log(lost > 0 ? `\nmissed: ${whole(lost)} messages expired or were not published` : '\nno message was lost')
  for (const child of processes) child.kill()
  await engine.kill()
  process.exit(lost > 0 ? 1 : 0)
}

interface Memory {
  readonly heap: number
  readonly rss: number
}

const [, , argument = 'redis'] = process.argv
if (argument === 'nodes') runNodes()
else await bench(argument === 'nats' ? 'nats' : 'redis')

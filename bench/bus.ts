/**
 * Measures what messages between nodes cost, with 2, 4, 8 and 16 nodes: bytes that the engine sends, latency, and CPU of
 * the receiving node. Ours on Redis, on NATS and on Socket.IO's adapter is compared with Socket.IO's own room on the sharded
 * adapter, on the same nodes in the same run. Each node is a process, and each way has an engine of its own.
 */
import { type Engine, startEngine } from '../test/support/cluster/engines.ts'
import { type Engines, runNode, type Target, WAYS } from './kit/bus-node.ts'
import { type Arrived, type Receiver, runReceivers } from './kit/bus-receivers.ts'
import {
  type ByWay,
  byWay,
  type Bytes,
  checkFigures,
  type Figures,
  missedTargets,
  printCpu,
  printFigures,
} from './kit/bus-figures.ts'
import type { Traffic } from './kit/engine-sockets.ts'
import { type BenchProcess, sleep, startProcess, until } from './kit/processes.ts'
import { openRedisMeter, type RedisMeter } from './kit/redis-meter.ts'

/** The nodes of a pair, and then more. */
const PAIR_SIZE = 2
const LARGER_SIZES = [4, 8, 16]

/** One-to-one messages whose bytes and latency are measured, and the time between two of them in milliseconds. */
const ONE_TO_ONE = { count: 300, interval: 10 }
/** The same for messages to a group that has one subscriber on every node. */
const GROUP = { count: 50, interval: 30 }
/** Messages before the first measurement: the nodes learn each other's clocks. */
const WARM_UP = { count: 50, interval: 5 }
/** How long the last of them may wait for a clock, in milliseconds. */
const AFTER_WARM_UP = 1000
/** Messages of one turn when the CPU is measured. */
const CPU_TURN = { count: 1000, interval: 0.5 }
const CPU_ROUNDS = 15

/** How many type at the same time, each to another receiver. */
const TYPISTS = 10
/** How long they type, in milliseconds: two renewals. */
const TYPING = 11_000
/** How long channels linger after the last typist, and a second more. In milliseconds. */
const LINGER = 6500
/** How long the idle traffic is measured, in milliseconds. It is longer than any interval of a node or an adapter. */
const IDLE = 5500
/** In how many conversations one more device of every node is subscribed, while nothing happens there. */
const QUIET_CONVERSATIONS = 20
/** When the last bytes of a measurement have arrived, in milliseconds. */
const SETTLE = 200

const userId = (number: number) => `user-${String(number).padStart(6, '0')}`
const PAIR: Target = { sender: userId(1), user: userId(2) }
const TEAM: Target = { sender: userId(1), group: 'team-00001' }
const TYPING_PAIRS: readonly Target[] = Array.from({ length: TYPISTS }, (_, index) => ({
  sender: userId(100 + index),
  user: userId(200 + index),
}))

interface Node {
  readonly process: BenchProcess
  readonly port: number
}

const nodes: Node[] = []
const receivers = { process: startReceivers() }
let engines: ByWay<Engine>
let meters: Partial<ByWay<RedisMeter>>

function startReceivers(): BenchProcess | undefined {
  return process.argv[2] === undefined ? startProcess('receivers') : undefined
}

const askReceivers = <T>(name: string, argument: unknown): Promise<T> => receivers.process!.request<T>(name, argument)

async function startEngines(): Promise<void> {
  const [redis, nats, adapter, room] = await Promise.all([
    startEngine('redis'),
    startEngine('nats'),
    startEngine('adapter'),
    startEngine('adapter'),
  ])
  engines = { redis, nats, adapter, room }
  const open = ({ address }: Engine) => openRedisMeter(address.ports[0]!)
  meters = { redis: await open(redis), adapter: await open(adapter), room: await open(room) }
}

const ports = () => byWay((way) => engines[way].address.ports[0]!)

async function startNode(): Promise<Node> {
  const child = startProcess('node')
  const addresses: Engines = byWay((way) => engines[way].address)
  return { process: child, port: await child.request<number>('start', addresses) }
}

/** Brings the cluster to its next size, with one subscriber of the group and some quiet subscriptions on each new node. */
async function grow(size: number): Promise<void> {
  const first = nodes.length
  nodes.push(...(await Promise.all(Array.from({ length: size - first }, startNode))))
  const joining: Receiver[] = []
  for (const [index, { process, port }] of nodes.entries()) {
    if (index < first) continue
    for (const way of WAYS) joining.push({ port, way, target: TEAM })
    const peers = Array.from({ length: QUIET_CONVERSATIONS }, (_, peer) => userId(1000 + peer))
    await process.request('subscribeQuietly', { user: userId(900 + index), peers })
  }
  if (first === 0) {
    const { port } = nodes[1]!
    for (const way of WAYS) for (const target of [PAIR, ...TYPING_PAIRS]) joining.push({ port, way, target })
  }
  await askReceivers('connect', joining)
  await until(async () => {
    const pending = await Promise.all(nodes.map(({ process }) => process.request<number>('pending')))
    return pending.every((count) => count === 0)
  })
  await sleep(SETTLE)
  for (const target of [PAIR, TEAM]) await sendAll(target, WARM_UP)
  await sleep(AFTER_WARM_UP)
  await takeArrived()
}

const sender = () => nodes[0]!.process

/** All ways at the same time: their messages alternate. */
async function sendAll(target: Target, load: { readonly count: number; readonly interval: number }): Promise<void> {
  await Promise.all(WAYS.map((way) => sender().request('send', { way, target, ...load })))
}

async function takeArrived(): Promise<ByWay<Arrived>> {
  const arrived = await Promise.all(WAYS.map((way) => askReceivers<Arrived>('takeArrived', way)))
  return byWay((way) => arrived[WAYS.indexOf(way)]!)
}

const traffic = (): Promise<readonly ByWay<Traffic>[]> =>
  Promise.all(nodes.map(({ process }) => process.request<ByWay<Traffic>>('traffic', ports())))

/**
 * What each engine has read and written so far. Redis counts it; the counters of NATS leave out its protocol, so the bytes
 * of the nodes' sockets are counted there.
 */
async function totals(): Promise<ByWay<Bytes>> {
  const all = await traffic()
  const sum = (field: keyof Traffic) => all.reduce((total, { nats }) => total + nats[field], 0)
  const nats = { input: sum('written'), output: sum('read') }
  const [redis, adapter, room] = await Promise.all([meters.redis!.read(), meters.adapter!.read(), meters.room!.read()])
  return { redis, nats, adapter, room }
}

/** @param parts what the result is divided by: messages, sessions or seconds. */
async function measure(parts: number, run: () => Promise<unknown>): Promise<ByWay<Bytes>> {
  const before = await totals()
  await run()
  await sleep(SETTLE)
  const after = await totals()
  return byWay((way) => ({
    input: (after[way].input - before[way].input) / parts,
    output: (after[way].output - before[way].output) / parts,
  }))
}

async function measureSize(size: number): Promise<Figures> {
  await grow(size)
  const readBefore = await traffic()
  const oneToOne = await measure(ONE_TO_ONE.count, () => sendAll(PAIR, ONE_TO_ONE))
  const readAfter = await traffic()
  const arrived = await takeArrived()
  const readElsewhere = byWay((way) => {
    const read = readAfter.map((node, index) => node[way].read - readBefore[index]![way].read)
    return read.slice(2).reduce((sum, bytes) => sum + bytes, 0) / ONE_TO_ONE.count
  })
  const group = await measure(GROUP.count, () => sendAll(TEAM, GROUP))
  await takeArrived()
  const typing = await measure(TYPISTS, async () => {
    await Promise.all(WAYS.map((way) => sender().request('type', { way, targets: TYPING_PAIRS, duration: TYPING })))
    await sleep(LINGER)
  })
  const idle = await measure((IDLE + SETTLE) / 1000, () => sleep(IDLE))
  return {
    nodes: size,
    oneToOne,
    group,
    typing,
    idle,
    latencies: byWay((way) => arrived[way].latencies),
    lost: byWay((way) => ONE_TO_ONE.count - arrived[way].messages),
    readElsewhere,
  }
}

/** Microseconds of the receiving node's CPU per message. The ways take turns. */
async function measureCpu(): Promise<ByWay<readonly number[]>> {
  const costs = byWay<number[]>(() => [])
  const receiver = nodes[1]!.process
  for (let round = -1; round < CPU_ROUNDS; round++) {
    for (const way of round % 2 ? WAYS : WAYS.toReversed()) {
      await receiver.request('collectGarbage')
      const before = await receiver.request<number>('cpu')
      await sender().request('send', { way, target: PAIR, ...CPU_TURN })
      await sleep(50)
      const cost = ((await receiver.request<number>('cpu')) - before) / CPU_TURN.count
      // In the first round the node's code gets compiled.
      if (round >= 0) costs[way].push(cost)
    }
  }
  await takeArrived()
  return costs
}

async function bench(): Promise<void> {
  const began = performance.now()
  await startEngines()
  const all: Figures[] = [await measureSize(PAIR_SIZE)]
  // While there are no other processes.
  const costs = await measureCpu()
  for (const size of LARGER_SIZES) all.push(await measureSize(size))
  console.log(`Node ${process.version}; ${((performance.now() - began) / 1000).toFixed(0)} s\n`)
  printFigures(all)
  printCpu(costs)
  checkFigures(all)
  console.log(missedTargets.length ? `\nmissed: ${missedTargets.join('; ')}` : '\nevery target is met')
  for (const { process } of nodes) process.kill()
  receivers.process?.kill()
  for (const way of WAYS) await engines[way].kill()
  process.exit(missedTargets.length ? 1 : 0)
}

const [, , role] = process.argv
if (role === 'node') await runNode()
else if (role === 'receivers') runReceivers()
else await bench()

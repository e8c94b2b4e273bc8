/**
 * Nodes of `bench/cluster.ts`, many in one process: the server's real code on a real engine. Only the connections are
 * missing, so a device costs what the server itself remembers of it.
 */
import { Server } from 'socket.io'
import { serverNow } from '../../src/server/clock.ts'
import type { Bus } from '../../src/server/cluster/bus.ts'
import { createFrameMaker } from '../../src/server/connections/frame.ts'
import { createDevice } from '../../src/server/devices/device.ts'
import { createHub, type Hub } from '../../src/server/hub.ts'
import type { Device } from '../../src/server/model.ts'
import { readOptions } from '../../src/server/options.ts'
import { createCounters } from '../../src/server/stats.ts'
import { type EngineAddress, openBusOn } from '../../test/support/cluster/engines.ts'
import { type Traffic, watchSockets } from './engine-sockets.ts'
import { DATA_BYTES, DEVICES, groupOf, nodeOf, peersOf, type Rates, TYPING, userId } from './population.ts'
import { answerRequests, type Load, measureLoad, sleep, until } from './processes.ts'

/** How often the due messages are sent, in milliseconds. */
const TICK = 10

/** How many devices connect at once while the simulation begins, before their subscriptions take effect. */
const CONNECTING = 250

/** How long a lease lives, and when a client renews it. In milliseconds. */
const LEASE = 7000
const RENEWAL = 5000

const NOTHING_DUE: Rates = { messages: 0, groupMessages: 0, typing: 0, groupTyping: 0, switches: 0 }
const KINDS = Object.keys(NOTHING_DUE) as (keyof Rates)[]

/** What the nodes of a process have done, counted since they started. */
export interface NodeTotals {
  /** Bytes to and from the engine. */
  readonly traffic: Traffic
  /** Messages of all kinds that were published, those about clocks apart. */
  readonly published: number
  /** Questions for a node's time, and answers: their number depends on that of the nodes, not on that of the devices. */
  readonly aboutClocks: number
  /** Messages that could not be published. */
  readonly notPublished: number
  /** Messages that came from the engine, those about clocks apart. */
  readonly received: number
  /** What was delivered to devices, typing updates as well. */
  readonly delivered: number
  /** What the simulated people have done. */
  readonly done: Rates
  /** Messages that had expired when they arrived, or whose age could not be told. */
  readonly dropped: number
  /** Channels to which the nodes are subscribed now. */
  readonly channels: number
  /** Online messages that came from other nodes, typing apart. */
  readonly messagesIn: number
}

interface SimulatedDevice {
  readonly device: Device
  readonly hub: Hub
  readonly number: number
  /** The user of the first conversation now: the peer, or a stranger. */
  firstPeer: number
}

/** `envelope.ts` says how it writes a message's kind. */
const isAboutClocks = (message: string): boolean => message.includes('"clock-')

export function runNodes(): void {
  const trafficWith = watchSockets()
  let enginePort = 0
  const hubs: Hub[] = []
  const devices: SimulatedDevice[] = []
  const count = { published: 0, aboutClocks: 0, notPublished: 0, received: 0, delivered: 0 }
  /** Subscriptions that have not taken effect yet. `stats()` knows them too, and takes too long to ask all the time. */
  let pending = 0
  const done = { ...NOTHING_DUE }
  const data = JSON.stringify('x'.repeat(DATA_BYTES - 2))
  const { encoder } = new Server()
  const settings = readOptions({
    identify: () => null,
    authorize: 'anyone',
    rateLimits: { perGroup: 1_000_000 },
  })

  /** Counts what goes in and out. */
  const counting = (bus: Bus): Bus => ({
    publish(channel, message) {
      if (isAboutClocks(message)) count.aboutClocks++
      else count.published++
      const published = bus.publish(channel, message)
      void published?.then((subscribers) => {
        if (subscribers === undefined) count.notPublished++
      })
      return published
    },
    subscribe(channel, onMessage, onActive) {
      let isPending = true
      const endPending = () => {
        if (isPending) pending--
        isPending = false
      }
      pending++
      const unsubscribe = bus.subscribe(
        channel,
        (message) => {
          if (!isAboutClocks(message)) count.received++
          onMessage(message)
        },
        () => {
          endPending()
          onActive()
        },
      )
      return () => {
        endPending()
        unsubscribe()
      }
    },
  })

  async function start(engine: EngineAddress): Promise<Hub> {
    const { bus } = await openBusOn(engine)
    const makeFrame = createFrameMaker(encoder, '/')
    return createHub({ settings, makeFrame, counters: createCounters(), bus: counting(bus), namespace: '/' })
  }

  function connect(number: number, hub: Hub): void {
    const device = createDevice({ id: userId(number) }, (frame) => {
      // A connection encodes each frame once.
      frame.encoded()
      count.delivered++
    })
    hub.add(device)
    const [first, second] = peersOf(number)
    for (const peer of [first, second]) void hub.subscribe(device, { user: userId(peer) })
    void hub.subscribe(device, { group: groupOf(number) })
    devices.push({ device, hub, number, firstPeer: first })
  }

  async function connectAll(first: number): Promise<void> {
    let connecting = 0
    for (let number = 0; number < DEVICES; number++) {
      const hub = hubs[nodeOf(number) - first]
      if (!hub) continue
      connect(number, hub)
      connecting++
      if (connecting % CONNECTING === 0) await until(() => pending < CONNECTING)
    }
    await until(() => pending === 0)
  }

  const send = ({ device, hub }: SimulatedDevice, to: { user: string } | { group: string }) =>
    void hub.send(device, { at: serverNow(), command: 'bench', data, conversation: to, priority: 'normal' })

  async function type({ device, hub }: SimulatedDevice, conversation: { user: string } | { group: string }) {
    const lease = (ttl: number) => hub.lease(device, { at: serverNow(), ttl, activity: 'typing', conversation })
    void lease(LEASE)
    await sleep(RENEWAL)
    void lease(LEASE)
    await sleep(TYPING - RENEWAL)
    void lease(0)
  }

  /** Closes the first conversation for one with a stranger, and the next time the other way round. */
  function switchConversation(simulated: SimulatedDevice): void {
    const { device, hub, number } = simulated
    const [home] = peersOf(number)
    const isHome = simulated.firstPeer === home
    hub.unsubscribe(device, { user: userId(simulated.firstPeer) })
    simulated.firstPeer = isHome ? Math.floor(random() * DEVICES) : home
    void hub.subscribe(device, { user: userId(simulated.firstPeer) })
  }

  const actions: Record<keyof Rates, (simulated: SimulatedDevice) => unknown> = {
    messages: (simulated) => send(simulated, { user: userId(peersOf(simulated.number)[1]) }),
    groupMessages: (simulated) => send(simulated, { group: groupOf(simulated.number) }),
    typing: (simulated) => type(simulated, { user: userId(peersOf(simulated.number)[1]) }),
    groupTyping: (simulated) => type(simulated, { group: groupOf(simulated.number) }),
    switches: switchConversation,
  }

  /** A generator with a fixed seed, so that every run does the same. */
  let seed = 12_345
  const random = () => (seed = (seed * 1_103_515_245 + 12_345) % 2_147_483_648) / 2_147_483_648

  let rates = NOTHING_DUE
  const due = { ...NOTHING_DUE }
  let lastTick = performance.now()

  function tick(): void {
    const now = performance.now()
    const minutes = (now - lastTick) / 60_000
    lastTick = now
    for (const kind of KINDS) {
      due[kind] += rates[kind] * devices.length * minutes
      for (; due[kind] >= 1; due[kind]--) {
        done[kind]++
        void actions[kind](devices[Math.floor(random() * devices.length)]!)
      }
    }
  }

  let end: (() => Load) | undefined
  answerRequests({
    async start({ engine, first, nodes }: { engine: EngineAddress; first: number; nodes: number }) {
      seed += first
      enginePort = engine.ports[0]!
      for (let index = 0; index < nodes; index++) hubs.push(await start(engine))
    },
    /** @returns how many devices are connected. */
    async connectAll(first: number) {
      await connectAll(first)
      setInterval(tick, TICK)
      return devices.length
    },
    /** Bytes of V8's heap and what it holds outside, and of the process. */
    async memory() {
      for (let round = 0; round < 2; round++) {
        globalThis.gc?.()
        await sleep(100)
      }
      const { heapUsed, external, rss } = process.memoryUsage()
      return { heap: heapUsed + external, rss }
    },
    setRates(next: Rates) {
      rates = next
      for (const kind of KINDS) due[kind] = 0
    },
    begin() {
      end = measureLoad()
    },
    end: () => end?.(),
    totals(): NodeTotals {
      const stats = hubs.map((hub) => hub.stats())
      const sum = (read: (one: (typeof stats)[number]) => number) => stats.reduce((total, one) => total + read(one), 0)
      return {
        ...count,
        traffic: trafficWith(enginePort),
        done: { ...done },
        dropped: sum(({ dropped, bus }) => dropped.expired + (bus?.dropped ?? 0)),
        channels: sum(({ bus }) => bus?.channels ?? 0),
        messagesIn: sum(({ bus }) => bus?.messagesIn ?? 0),
      }
    },
  })
}

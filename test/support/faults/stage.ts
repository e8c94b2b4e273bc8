import type { Conversation } from '../../../src/core/index.ts'
import { comesTrue, sleep, tick, until } from './clock.ts'
import { openDevice } from './device.ts'
import { createLedger, type Fate, type Ledger, type Tally } from './ledger.ts'
import { type Actor, startActor } from './processes.ts'
import { type Proxy, startProxy } from './proxy.ts'
import { startServer } from './server.ts'
import type {
  Carrier,
  DeviceEvent,
  DeviceSetup,
  FaultDevice,
  FaultServer,
  Outcome,
  Payload,
  ServerSetup,
  Way,
} from './words.ts'

/** A row of the fault table. */
export interface Row {
  readonly title: string
  /** @default websocket and polling */
  readonly carriers?: readonly Carrier[]
  /** It needs the machine for itself. */
  readonly heavy?: boolean
  /** How long it takes at the most, in milliseconds. @default 40000 */
  readonly patience?: number
  play(stage: Stage): Promise<void>
}

/** A device in a run. */
export interface Player {
  readonly name: string
  readonly user: string
  readonly device: FaultDevice
  /** What it has been told of typing, oldest first. */
  readonly typists: (DeviceEvent & { kind: 'typists' })[]
  /** What it has heard of the app's own emits and of messages, in order. */
  readonly order: number[]
  /** The app's own emits alone. */
  readonly app: number[]
}

type PlayerSetup = Partial<Omit<DeviceSetup, 'user' | 'way' | 'carrier'>> & { readonly hears: readonly Conversation[] }

/** What a scenario has at hand. */
export interface Stage {
  readonly way: Way
  readonly carrier: Carrier
  readonly isOurs: boolean
  readonly ledger: Ledger
  /** What was not as it should be, apart from the tally. */
  readonly problems: string[]
  /** Figures beside the tally. */
  readonly notes: string[]
  /** Notes a problem unless it is so. Only asked of ours: plain Socket.IO promises nothing. */
  check(isSo: boolean, problem: string): void
  server(setup?: ServerSetup, inProcess?: Actor): Promise<FaultServer>
  actor(): Promise<Actor>
  /** @param upgradeDelay of everything on a websocket, one way, in milliseconds. */
  proxy(server: FaultServer, upgradeDelay?: number): Promise<Proxy>
  /** Lets a device join. `server` or a URL; it is not waited for. */
  join(name: string, setup: PlayerSetup & { at: FaultServer | string }, inProcess?: Actor): Promise<Player>
  /** Waits until it is online. */
  online(...players: readonly Player[]): Promise<void>
  /** Sends, and writes down what has to become of it. `all` is in one tick; else `gap` ms lie between two. */
  send(from: Player, to: Conversation, count: number, fate: Fate, gap?: number): Promise<Outcome[]>
  /** Sends in a gap: ours has to refuse all of it, at once. */
  sendInVain(from: Player, to: Conversation, count: number, fate: Fate, gap?: number): Promise<void>
  /** Sends markers until every receiver has heard one: whatever was sent before on this path has come, or never will. */
  open(from: Player, to: Conversation, ...receivers: readonly Player[]): Promise<void>
  /** Waits for what has to come, as long as is decent. */
  settle(): Promise<void>
  /** Looks for copies that are kept, now. */
  look(server: FaultServer, players: readonly Player[], below?: boolean): Promise<void>
}

export interface Run {
  readonly row: Row
  readonly way: Way
  readonly carrier: Carrier
  readonly tally: Tally
  readonly problems: readonly string[]
  readonly notes: readonly string[]
  readonly seconds: number
}

/** Markers are numbered from -1 down and stand in no ledger. */
let lastMarker = 0

let runs = 0

/** Plays one row in one way. Whatever happens, nothing is left running. */
export async function play(row: Row, way: Way, carrier: Carrier): Promise<Run> {
  const ledger = createLedger(`word-${process.pid}-${++runs}-`)
  const problems: string[] = []
  const notes: string[] = []
  const ends: (() => unknown)[] = []
  const markers = new Map<string, Set<number>>()
  const isOurs = way === 'ours'
  const began = tick()
  let stored = 0

  const join: Stage['join'] = async (name, { at, ...setup }, inProcess) => {
    const user = name.split(/[ ’]/)[0] ?? name
    const url = typeof at === 'string' ? at : `http://127.0.0.1:${await at.port()}`
    const typists: Player['typists'] = []
    const order: number[] = []
    const app: number[] = []
    const tell = (event: DeviceEvent) => {
      if (event.kind === 'typists') typists.push(event)
      else if (event.kind === 'app') {
        order.push(event.n)
        app.push(event.n)
      } else if (event.payload.n < 0) markers.get(name)?.add(event.payload.n)
      else {
        order.push(event.payload.n)
        ledger.heard(name, event.payload, event.at)
      }
    }
    markers.set(name, new Set())
    const complete: DeviceSetup = { url, user, way, carrier, ...setup }
    const device = inProcess ? await inProcess.device(complete, tell) : openDevice(complete, tell)
    if (!inProcess) ends.push(() => device.close())
    return { name, user, device, typists, order, app }
  }

  const open: Stage['open'] = async (from, to, ...receivers) => {
    const first = lastMarker
    let next = 0
    // Plain Socket.IO may have blocked or lost its own way: that shows in the tally.
    const wait = isOurs ? until : (isSo: () => boolean) => comesTrue(isSo, 1500)
    const hasHeard = ({ name }: Player) => [...(markers.get(name) ?? [])].some((marker) => marker < first)
    await wait(
      () => {
        if (tick() > next) {
          next = tick() + 60
          void from.device.send(to, [{ n: --lastMarker, word: 'marker', at: 0 }]).catch(() => {})
        }
        return receivers.every(hasHeard)
      },
      `${from.name} reaches ${receivers
        .filter((receiver) => !hasHeard(receiver))
        .map(({ name }) => name)
        .join()}`,
    )
  }

  const stage: Stage = {
    way,
    carrier,
    isOurs,
    ledger,
    problems,
    notes,
    check(isSo, problem) {
      if (isOurs && !isSo) problems.push(problem)
    },
    async server(setup = {}, inProcess) {
      if (inProcess) return inProcess.server(setup)
      const server = await startServer(setup)
      ends.push(() => server.close())
      return server
    },
    async actor() {
      const actor = await startActor()
      ends.push(() => actor.kill())
      return actor
    },
    async proxy(server, upgradeDelay) {
      const proxy = await startProxy(await server.port(), upgradeDelay)
      ends.push(() => proxy.close())
      return proxy
    },
    join,
    async online(...players) {
      for (const { name, device } of players)
        await until(async () => (await device.state()).online, `${name} is online`)
    },
    async send({ name, device }, to, count, fate, gap) {
      const payloads = ledger.issue(count, fate, name)
      if (gap === undefined) return device.send(to, payloads)
      const sent: Promise<Outcome[]>[] = []
      for (const payload of payloads) {
        sent.push(device.send(to, [payload]))
        await sleep(gap)
      }
      return (await Promise.all(sent)).flat()
    },
    async sendInVain(from, to, count, fate, gap = 40) {
      for (const { code, took } of await stage.send(from, to, count, fate, gap)) {
        stage.check(code === 'offline', `sent in a gap, the answer is ${code}`)
        stage.check(took < 250, `sent in a gap, the answer takes ${took} ms`)
      }
    },
    open,
    async settle() {
      await comesTrue(ledger.isComplete, isOurs ? 3000 : 1000)
    },
    async look(server, players, below = false) {
      const copies = await Promise.all([
        server.stored(ledger.word, below),
        ...players.map(({ device }) => device.stored(ledger.word, below)),
      ])
      stored = Math.max(
        stored,
        copies.reduce((sum, count) => sum + count, 0),
      )
    },
  }

  let timer: NodeJS.Timeout | undefined
  const patience = row.patience ?? 40_000
  try {
    await Promise.race([
      row.play(stage),
      new Promise((_, reject) => {
        timer = setTimeout(() => reject(new Error(`the run is not over after ${patience} ms`)), patience)
      }),
    ])
  } catch (error) {
    problems.push(error instanceof Error ? (error.stack ?? error.message) : String(error))
  } finally {
    clearTimeout(timer)
    for (const end of ends.reverse()) await end()
  }
  ledger.sin('stored', stored)
  return { row, way, carrier, tally: ledger.tally(), problems, notes, seconds: (tick() - began) / 1000 }
}

/** The payloads' numbers. */
export const numbersOf = (payloads: readonly Payload[]): number[] => payloads.map(({ n }) => n)

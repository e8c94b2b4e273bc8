import type { Bus } from './adapter-bus.ts'
import { serverNow } from '../clock.ts'
import { createNodeClock, type NodeClock } from './node-clock.ts'

/** Version of what nodes say to each other. What comes from another one is ignored. */
const VERSION = 1

/** How often it is looked who is there, in milliseconds. */
const TICK = 500

/** How often a node says that it is there, in milliseconds; at every tick while it hears nobody. */
const BEAT = 2000

/** A node that has not been heard for so long is gone, or the bus is: two beats may be lost, in milliseconds. */
const SILENT = 5000

/** For so long its clock and its numbers are remembered, in milliseconds: what it said may still be on its way. */
const REMEMBERED = 600_000

/** Least time from one beat to one that somebody needs at once, in milliseconds. */
const SOON = 20

/** Least time from one ask of a node to the next, in milliseconds. */
const ASK_AGAIN = 200

/** Most messages of a node that wait for its clock, most nodes, and most that one beat answers. */
const MAX_HELD = 1000
const MAX_NODES = 1000
const MAX_ECHOES = 16

/** Things in one part of a node's whole state. */
const PART = 500

/** Another process on the bus. */
export interface Node {
  readonly id: string
  readonly clock: NodeClock
  /** Something of it was lost, or came late: it is asked for all it has. */
  missed: boolean
}

/** When a message was sent. */
export interface Moment {
  /** By our clock, and how far that may be off. */
  readonly at: number
  readonly margin: number
  /** Older than `maxAge`. */
  readonly late: boolean
}

/** What one kind of message is about. All it is given is to be checked: another version may run on the other node. */
export interface Topic {
  receive(node: Node, payload: readonly unknown[], moment: Moment): void
  /** What a node that has missed something has to know, each as the payload of a message. */
  all?(): Iterable<readonly unknown[]>
  /** That, from another node: what it does not have any more is gone. */
  replace?(node: Node, payloads: readonly (readonly unknown[])[], moment: Moment): void
  /** A node is gone, with all it had. */
  forget?(node: Node): void
}

/** The other nodes. */
export interface Nodes {
  /** This one's name on the bus, anew for each start. */
  readonly id: string
  /** Those that are there now. */
  there(): Node[]
  /** Tells them. Nothing is put on a bus on which nobody has been heard for long. */
  emit(kind: string, ...payload: readonly unknown[]): void
  /** Messages of other nodes that never came. */
  lost(): number
  close(): void
}

interface Known extends Node {
  there: boolean
  /** The number of its latest message, its stamp, when it came; when we answered it last, and when we asked it. */
  last: number
  stamp: number
  cameAt: number
  heardAt: number
  echoedAt: number
  askedAt: number
  held: {
    readonly stamp: number
    readonly kind: string
    readonly payload: readonly unknown[]
    readonly since: number
  }[]
  /** Its whole state, as far as it has come. */
  parts: (readonly unknown[])[]
}

/**
 * Knows who else is on the bus, and whose clock says what. Every message is numbered, so that one that comes twice is
 * dropped and one that is missing is noticed; every node says every 2 s that it is there, and answers others' latest
 * message with it, which is all that is needed to learn each other's clock. Who has missed something asks for all.
 *
 * @param topics by kind of message.
 */
export function createNodes(bus: Bus, maxAge: number, topics: Readonly<Record<string, Topic>>): Nodes {
  const id = crypto.randomUUID()
  const known = new Map<string, Known>()
  const began = serverNow()
  let number = 0
  let lost = 0
  let beatAt = 0
  let tickedAt = began
  let asked = false
  let closed = false
  let timer: NodeJS.Timeout | undefined

  const there = () => [...known.values()].filter((node) => node.there)

  const write = (kind: string, payload: readonly unknown[]) => {
    if (!closed) bus.emit([VERSION, id, number, serverNow(), kind, ...payload])
  }

  /** Also whose clock is not known: what answers an ask tells it. */
  const needsAsking = ({ missed, clock, stamp }: Known) => missed || clock.toOurs(stamp) === undefined

  function emit(kind: string, ...payload: readonly unknown[]): void {
    // Counted in any case: whoever did not get it finds out.
    number++
    if (there().length || serverNow() - began < SILENT) write(kind, payload)
  }

  function beat(): void {
    clearTimeout(timer)
    timer = undefined
    beatAt = serverNow()
    const asks = there().filter(needsAsking)
    const echoes = there()
      .sort((a, b) => a.echoedAt - b.echoedAt)
      .slice(0, MAX_ECHOES)
    for (const node of asks) node.askedAt = beatAt
    for (const node of echoes) node.echoedAt = beatAt
    number++
    write('beat', [asks.map((node) => node.id), echoes.map((node) => [node.id, node.stamp, beatAt - node.cameAt])])
    if (asked) tellAll()
  }

  /** Somebody needs a beat: at once, and one for all who do. */
  const beatSoon = () => {
    timer ??= setTimeout(beat, Math.max(0, beatAt + SOON - serverNow())).unref()
  }

  function tellAll(): void {
    asked = false
    const all = Object.entries(topics).flatMap(([kind, topic]) => [...(topic.all?.() ?? [])].map((one) => [kind, one]))
    const parts = Math.max(1, Math.ceil(all.length / PART))
    for (let part = 0; part < parts; part++) emit('all', part, parts, all.slice(part * PART, (part + 1) * PART))
  }

  function meet(name: string): Known | undefined {
    if (known.size >= MAX_NODES) return undefined
    const node: Known = {
      id: name,
      clock: createNodeClock(),
      missed: true,
      there: false,
      last: 0,
      stamp: 0,
      cameAt: 0,
      heardAt: 0,
      echoedAt: 0,
      askedAt: 0,
      held: [],
      parts: [],
    }
    known.set(name, node)
    return node
  }

  function lose(node: Known): void {
    node.there = false
    node.missed = true
    node.held = []
    for (const topic of Object.values(topics)) topic.forget?.(node)
  }

  const isLate = (at: number) => serverNow() - at > maxAge

  function read(node: Known, stamp: number, kind: string, payload: readonly unknown[]): void {
    const at = node.clock.toOurs(stamp)
    if (at === undefined) {
      node.held.push({ stamp, kind, payload, since: serverNow() })
      if (node.held.length > MAX_HELD) node.held.shift()
      return
    }
    const moment = { at, margin: node.clock.margin(), late: isLate(at) }
    if (kind === 'all') readAll(node, payload, moment)
    else if (Object.hasOwn(topics, kind)) topics[kind]?.receive(node, payload, moment)
  }

  function readAll(node: Known, [part, parts, list]: readonly unknown[], moment: Moment): void {
    if (part === 0) node.parts = []
    if (part !== node.parts.length || !Array.isArray(list) || moment.late) return
    node.parts.push(list)
    if (node.parts.length !== parts) return
    const all = node.parts.flat()
    node.parts = []
    node.missed = false
    for (const [kind, topic] of Object.entries(topics)) {
      const payloads = all.flatMap((one) => (isPair(one) && one[0] === kind ? [one[1]] : []))
      topic.replace?.(node, payloads, moment)
    }
  }

  function readBeat(node: Known, [asks, echoes]: readonly unknown[], stamp: number): void {
    for (const echo of Array.isArray(echoes) ? (echoes as readonly unknown[]) : []) {
      const [name, ours, kept] = Array.isArray(echo) ? (echo as readonly unknown[]) : []
      if (name === id && isNumber(ours) && isNumber(kept)) node.clock.exchange(ours, kept, stamp, node.cameAt)
    }
    if (Array.isArray(asks) && asks.includes(id)) {
      asked = true
      // It has just come, and gets its answer first.
      node.echoedAt = 0
      beatSoon()
    }
    if (node.clock.toOurs(stamp) === undefined) return
    for (const message of node.held.splice(0)) read(node, message.stamp, message.kind, message.payload)
  }

  function hear([version, name, count, stamp, kind, ...payload]: readonly unknown[]): void {
    if (version !== VERSION || typeof name !== 'string' || name === id || name.length > 64) return
    if (!Number.isSafeInteger(count) || !isNumber(stamp) || typeof kind !== 'string') return
    const node = known.get(name) ?? meet(name)
    // A client of Redis that has reconnected may send again what it had sent.
    if (!node || (count as number) <= node.last) return
    if (node.last && (count as number) > node.last + 1) {
      lost += (count as number) - node.last - 1
      node.missed = true
    }
    node.last = count as number
    node.stamp = stamp
    node.cameAt = node.heardAt = serverNow()
    node.there = true
    if (kind === 'beat') readBeat(node, payload, stamp)
    else if (kind === 'bye') {
      lose(node)
      known.delete(name)
      return
    } else read(node, stamp, kind, payload)
    if (needsAsking(node) && node.heardAt - node.askedAt > ASK_AGAIN) beatSoon()
  }

  function tick(): void {
    const now = serverNow()
    // What the others said while this process stood still is not read yet.
    const stoodStill = Math.max(0, now - tickedAt - 2 * TICK)
    tickedAt = now
    for (const node of known.values()) {
      node.heardAt += stoodStill
      if (now - node.heardAt > REMEMBERED) known.delete(node.id)
      else if (node.there && now - node.heardAt > SILENT) lose(node)
      const fresh = node.held.filter(({ since }) => now - since <= maxAge)
      lost += node.held.length - fresh.length
      node.held = fresh
    }
    if (now - beatAt >= BEAT || !there().length) beat()
  }

  function close(): void {
    deaf()
    clearInterval(ticking)
    clearTimeout(timer)
    number++
    write('bye', [])
    closed = true
  }

  const deaf = bus.listen(hear, close)
  const ticking = setInterval(tick, TICK).unref()
  beat()

  return {
    id,
    there,
    emit,
    lost: () => lost,
    close,
  }
}

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

const isPair = (value: unknown): value is readonly [unknown, readonly unknown[]] =>
  Array.isArray(value) && Array.isArray(value[1])

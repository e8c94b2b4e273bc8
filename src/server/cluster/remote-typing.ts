import { parseConversation } from '../../core/message/conversation.ts'
import { parseActivity } from '../../core/typing/typing.ts'
import { createDevice } from '../devices/device.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { Leases } from '../typing/leases.ts'
import type { Moment, Node, Nodes, Topic } from './nodes.ts'
import { parseUser } from '../../core/message/user.ts'
import type { Rooms } from '../rooms.ts'

/** Most typing devices of one node: what a broken one can make this one remember. */
const MAX_DEVICES = 100_000

/** Leases on other nodes. */
export interface RemoteTyping {
  readonly topic: Topic
  /** Tells the other nodes of a lease of our own: `undefined` when it has ended. */
  announce(device: Device, room: Room, session: TypingSession | undefined): void
  /** How many other nodes' leases are held here. */
  held(): number
}

/** Stands here for a device that types on another node. */
interface Placeholder {
  readonly device: Device
  /** When each session began, as its node tells it. */
  readonly since: Map<Room, unknown>
}

/**
 * Every node holds the leases of all, so that each can make its own digests, and tell who comes late. A lease crosses the
 * bus when it begins, changes or ends, and not when it is renewed: it lives as long as its node is heard. Who has missed
 * something is told all leases there are.
 */
export function createRemoteTyping(nodes: Nodes, rooms: Rooms, leases: Leases): RemoteTyping {
  const numbers = new WeakMap<Device, number>()
  const placeholders = new Map<Node, Map<number, Placeholder>>()
  let devices = 0

  const numberOf = (device: Device) => {
    const number = numbers.get(device) ?? ++devices
    numbers.set(device, number)
    return number
  }
  const onBus = (device: Device, { writtenTo }: Room, session: TypingSession | undefined) => [
    numberOf(device),
    device.user,
    writtenTo,
    session ? session.activity : '',
    session ? session.since : 0,
  ]

  function end(node: Node, number: number, room: Room): void {
    const theirs = placeholders.get(node)
    const placeholder = theirs?.get(number)
    if (!theirs || !placeholder?.since.delete(room)) return
    if (!placeholder.since.size) theirs.delete(number)
    leases.release(placeholder.device, room)
  }

  /** @returns what it is of, when it goes on. */
  function apply(node: Node, payload: readonly unknown[]): readonly [number, Room] | undefined {
    const [number, from, where, activity, since] = payload
    const user = parseUser(from)
    const conversation = parseConversation(where)
    // Nobody sees themselves type.
    if (!user || !conversation || conversation.user === user.id) return undefined
    if (typeof number !== 'number' || typeof activity !== 'string') return undefined
    if (!activity) {
      const room = rooms.outbox(user.id, conversation)
      if (room) end(node, number, room)
      return undefined
    }
    const began = typeof since === 'number' ? node.clock.toOurs(since) : undefined
    if (began === undefined || !Number.isFinite(began)) return undefined
    const theirs = placeholders.get(node) ?? new Map<number, Placeholder>()
    placeholders.set(node, theirs)
    if (theirs.size >= MAX_DEVICES && !theirs.has(number)) return undefined
    const placeholder = theirs.get(number) ?? { device: createDevice(user, () => {}), since: new Map<Room, unknown>() }
    theirs.set(number, placeholder)
    const { device } = placeholder
    const room = rooms.openOutbox(device.user.id, conversation)
    const goesOn = placeholder.since.get(room) === since
    const before = goesOn ? room.typists.get(device.user.id)?.sessions.get(device) : undefined
    placeholder.since.set(room, since)
    const now = parseActivity(activity)
    if (before?.activity !== now) leases.mirror(device, room, now, before?.since ?? Math.round(began))
    return [number, room]
  }

  const forget = (node: Node) => {
    for (const [number, { since }] of placeholders.get(node) ?? []) {
      for (const room of [...since.keys()]) end(node, number, room)
    }
    placeholders.delete(node)
  }

  return {
    announce: (device, room, session) => nodes.emit('lease', ...onBus(device, room, session)),
    held() {
      let held = 0
      for (const theirs of placeholders.values()) for (const { since } of theirs.values()) held += since.size
      return held
    },
    topic: {
      receive(node, payload, { late }: Moment) {
        // What is old may not be true any more: the node is asked what is.
        if (late) node.missed = true
        else apply(node, payload)
      },
      *all() {
        for (const { device, room, session } of leases.own()) yield onBus(device, room, session)
      },
      replace(node, payloads) {
        const kept = new Map<number, Set<Room>>()
        for (const payload of payloads) {
          const [number, room] = apply(node, payload) ?? []
          if (number === undefined || !room) continue
          kept.set(number, (kept.get(number) ?? new Set()).add(room))
        }
        for (const [number, { since }] of [...(placeholders.get(node) ?? [])]) {
          for (const room of [...since.keys()]) if (!kept.get(number)?.has(room)) end(node, number, room)
        }
      },
      forget,
    },
  }
}

import { parseConversation } from '../../core/message/conversation.ts'
import { latestDevice } from '../active-device.ts'
import type { Room } from '../model.ts'
import type { Node, Nodes, Topic } from './nodes.ts'
import type { Rooms } from '../rooms.ts'

/** Which device of a one-to-one receiver was last used, when they listen on several nodes. */
export interface RemoteUse {
  readonly topic: Topic
  /** Devices of a room have come, gone or been used. */
  check(room: Room): void
  /** What a device has to be used after, to be the latest of these rooms for certain. */
  after(rooms: Iterable<Room>): number
}

/** A one-to-one room in which devices of this node listen. */
interface Claims {
  readonly room: Room
  /** What the other nodes know of ours. */
  told: number
  /** When a device of each other node was last used, by our clock, and how far that may be off. */
  readonly theirs: Map<Node, { readonly at: number; readonly margin: number }>
}

/**
 * Each node tells when its latest device in a room was used, and only when that may make a difference. A node stands
 * back when another's device was used later for certain: until two uses of the same instant are settled, both devices are
 * told, and never none.
 */
export function createRemoteUse(nodes: Nodes, rooms: Rooms, moved: (room: Room) => void): RemoteUse {
  const known = new Map<string, Claims>()

  const onBus = ({ writtenTo, conversation }: Room, at: number, answers: boolean) => [
    writtenTo.user,
    conversation,
    at,
    answers,
  ]
  const tell = (claims: Claims, at: number, answers: boolean) => {
    claims.told = at
    nodes.emit('use', ...onBus(claims.room, at, answers))
  }

  /** After this one is the latest for certain, on every node. */
  const certain = ({ theirs }: Claims) =>
    Math.max(0, ...[...theirs.values()].map(({ at, margin }) => at + 2 * margin + 1))

  const settle = ({ room, theirs }: Claims) => {
    room.remoteActiveAt = theirs.size
      ? Math.max(...[...theirs.values()].map(({ at, margin }) => at - margin))
      : undefined
    moved(room)
  }

  const own = (room: Room) => latestDevice(room.devices.keys())?.lastActiveAt ?? 0

  /** Forgets a node's devices, but for those in some rooms. */
  function forget(node: Node, kept?: ReadonlySet<Claims | undefined>): void {
    for (const claims of known.values()) {
      if (!kept?.has(claims) && claims.theirs.delete(node)) settle(claims)
    }
  }

  /** Settles for both nodes whose device was used later: too close to tell, the node's name says it. */
  function decide(claims: Claims, node: Node, theirs: number, margin: number, answers: boolean): void {
    const device = latestDevice(claims.room.devices.keys())
    if (!device || device.lastActiveAt < theirs - margin) return
    const isLater = device.lastActiveAt > theirs + margin
    const clear = 2 * margin + 1
    // It knows that already.
    if (isLater && answers && claims.told >= theirs + clear) return
    const mine = isLater || nodes.id < node.id
    device.lastActiveAt = mine ? Math.max(device.lastActiveAt, theirs + clear) : theirs - clear
    tell(claims, own(claims.room), true)
  }

  function receive(node: Node, [user, where, at, answers]: readonly unknown[]): Claims | undefined {
    const conversation = parseConversation(where)
    if (typeof user !== 'string' || !conversation || typeof at !== 'number' || !Number.isFinite(at)) return undefined
    const room = rooms.inbox(user, conversation)
    const claims = room && known.get(room.key)
    if (!claims) return undefined
    const theirs = at ? node.clock.toOurs(at) : undefined
    const margin = node.clock.margin()
    if (theirs === undefined) claims.theirs.delete(node)
    else claims.theirs.set(node, { at: theirs, margin })
    if (theirs !== undefined) decide(claims, node, theirs, margin, answers === true)
    settle(claims)
    return claims
  }

  return {
    check(room) {
      const used = own(room)
      const claims = known.get(room.key)
      if (!used) {
        if (!claims) return
        known.delete(room.key)
        room.remoteActiveAt = undefined
        nodes.emit('use', ...onBus(room, 0, true))
      } else if (!claims) {
        const fresh = { room, told: 0, theirs: new Map() }
        known.set(room.key, fresh)
        tell(fresh, used, false)
      } else if (used < claims.told || (used > claims.told && claims.told < certain(claims))) tell(claims, used, false)
    },
    after(rooms) {
      let after = 0
      for (const { key } of rooms) {
        const claims = known.get(key)
        if (claims?.theirs.size) after = Math.max(after, certain(claims))
      }
      return after
    },
    topic: {
      receive(node, payload, { late }) {
        if (late) node.missed = true
        else receive(node, payload)
      },
      *all() {
        for (const claims of known.values()) {
          claims.told = own(claims.room)
          yield onBus(claims.room, claims.told, true)
        }
      },
      replace(node, payloads) {
        forget(node, new Set(payloads.map((payload) => receive(node, payload))))
      },
      forget: (node) => forget(node),
    },
  }
}

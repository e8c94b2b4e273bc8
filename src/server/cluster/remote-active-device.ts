import { latestDevice } from '../active-device.ts'
import type { Room } from '../model.ts'
import type { Rooms } from '../rooms.ts'
import type { ActiveDeviceClaim } from './nodes/bus-message.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/** Which device of a one-to-one receiver is the active one, if they have devices on several nodes. */
export interface RemoteActiveDevice {
  readonly handler: MessageHandler<'active-device'>
  /** Devices of a room have been added, removed or used. */
  check(room: Room): void
  /** After this time a device is the active one of these rooms on every node; by our clock, in milliseconds. */
  after(rooms: Iterable<Room>): number
}

/** A one-to-one room in which devices of this node are subscribed. */
interface SharedRoom {
  readonly room: Room
  /** When our latest device was active, as far as the other nodes know. */
  announcedActiveAt: number
  readonly peers: Map<PeerNode, PeerActivity>
}

/** The latest device of another node. */
interface PeerActivity {
  /** By our clock. */
  readonly lastActiveAt: number
  /** By how much that can be wrong, in milliseconds. */
  readonly errorBound: number
}

/**
 * Each node announces when its latest device in a room was active, and only when that may change something. A node
 * yields only to a device that was active later by more than the error bound. Until two uses of the same instant are
 * settled, both devices receive, so at least one always does.
 */
export function createRemoteActiveDevice(
  nodes: Nodes,
  rooms: Rooms,
  activeDeviceChanged: (room: Room) => void,
): RemoteActiveDevice {
  const sharedRooms = new Map<string, SharedRoom>()

  function claim(room: Room, lastActiveAt: number, isAnswer: boolean): ActiveDeviceClaim {
    const { writtenTo, conversation } = room
    // The receiver of a one-to-one room is the user to whom others write.
    return { kind: 'active-device', receiver: writtenTo.user ?? '', conversation, lastActiveAt, isAnswer }
  }

  function announce(shared: SharedRoom, isAnswer: boolean): void {
    shared.announcedActiveAt = ownActiveAt(shared.room)
    nodes.publish(claim(shared.room, shared.announcedActiveAt, isAnswer))
  }

  /** When another node's device was active last, at the earliest. */
  function update({ room, peers }: SharedRoom): void {
    const earliest = [...peers.values()].map(({ lastActiveAt, errorBound }) => lastActiveAt - errorBound)
    room.remoteActiveAt = earliest.length > 0 ? Math.max(...earliest) : undefined
    activeDeviceChanged(room)
  }

  /** Decides for both nodes whose device was active later. Within the error bound, the ids of the nodes decide. */
  function decide(shared: SharedRoom, node: PeerNode, theirs: PeerActivity, isAnswer: boolean): void {
    const device = latestDevice(shared.room.devices.keys())
    if (!device || device.lastActiveAt < theirs.lastActiveAt - theirs.errorBound) return
    const isLater = device.lastActiveAt > theirs.lastActiveAt + theirs.errorBound
    const distance = clearDistance(theirs)
    const alreadyKnown = shared.announcedActiveAt >= theirs.lastActiveAt + distance
    if (isLater && isAnswer && alreadyKnown) return
    const isOurs = isLater || nodes.id < node.id
    if (isOurs) device.lastActiveAt = Math.max(device.lastActiveAt, theirs.lastActiveAt + distance)
    else device.lastActiveAt = theirs.lastActiveAt - distance
    announce(shared, true)
  }

  function receive(node: PeerNode, message: ActiveDeviceClaim): SharedRoom | undefined {
    const room = rooms.inbox(message.receiver, message.conversation)
    const shared = room && sharedRooms.get(room.key)
    if (!shared) return undefined
    const hasDevice = message.lastActiveAt !== 0
    const lastActiveAt = hasDevice ? node.clock.toLocal(message.lastActiveAt) : undefined
    if (lastActiveAt === undefined) shared.peers.delete(node)
    else {
      const theirs = { lastActiveAt, errorBound: node.clock.errorBound() }
      shared.peers.set(node, theirs)
      decide(shared, node, theirs, message.isAnswer)
    }
    update(shared)
    return shared
  }

  /** Forgets the devices of a node, except those in some rooms. */
  function forget(node: PeerNode, keep: ReadonlySet<SharedRoom>): void {
    for (const shared of sharedRooms.values()) {
      if (!keep.has(shared) && shared.peers.delete(node)) update(shared)
    }
  }

  return {
    check(room) {
      const activeAt = ownActiveAt(room)
      const shared = sharedRooms.get(room.key)
      if (activeAt === 0) {
        if (!shared) return
        sharedRooms.delete(room.key)
        room.remoteActiveAt = undefined
        nodes.publish(claim(room, 0, true))
        return
      }
      if (!shared) {
        const added: SharedRoom = { room, announcedActiveAt: 0, peers: new Map() }
        sharedRooms.set(room.key, added)
        announce(added, false)
        return
      }
      const { announcedActiveAt } = shared
      const isEarlier = activeAt < announcedActiveAt
      const isNewlyActive = activeAt > announcedActiveAt && announcedActiveAt < latestPossible(shared)
      if (isEarlier || isNewlyActive) announce(shared, false)
    },
    after(rooms) {
      let after = 0
      for (const { key } of rooms) {
        const shared = sharedRooms.get(key)
        if (shared) after = Math.max(after, latestPossible(shared))
      }
      return after
    },
    handler: {
      receive(node, message, { expired }) {
        if (expired) node.needsSync = true
        else receive(node, message)
      },
      *snapshot() {
        for (const shared of sharedRooms.values()) {
          shared.announcedActiveAt = ownActiveAt(shared.room)
          yield claim(shared.room, shared.announcedActiveAt, true)
        }
      },
      restore(node, messages) {
        const keep = new Set<SharedRoom>()
        for (const message of messages) {
          const shared = receive(node, message)
          if (shared) keep.add(shared)
        }
        forget(node, keep)
      },
      nodeDown: (node) => forget(node, new Set()),
    },
  }
}

/** When the latest device of this node in a room was active; 0 if there is no device. */
const ownActiveAt = (room: Room): number => latestDevice(room.devices.keys())?.lastActiveAt ?? 0

/** Two times that are at least so far apart have the same order on both nodes, in milliseconds. */
const clearDistance = ({ errorBound }: PeerActivity): number => 2 * errorBound + 1

/** A device that is active after this time is the latest one on every node. 0 if no other node has a device there. */
function latestPossible({ peers }: SharedRoom): number {
  const times = [...peers.values()].map((theirs) => theirs.lastActiveAt + clearDistance(theirs))
  return Math.max(0, ...times)
}

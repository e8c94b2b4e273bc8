import type { User } from '../../core/message/user.ts'
import { logCluster } from '../debug.ts'
import { createDevice, looksTheSame } from '../devices/device.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { Rooms } from '../rooms.ts'
import type { Leases } from '../typing/leases.ts'
import type { LeaseChange } from './nodes/bus-message.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/** Most typing devices of one node. A broken node cannot make this one remember more. */
const MAX_DEVICES = 100_000

/** The leases of other nodes. */
export interface RemoteTyping {
  readonly handler: MessageHandler<'lease'>
  /** A lease of one of our own devices has begun or changed, or its user; it has ended if the session is `undefined`. */
  announce(device: Device, room: Room, session: TypingSession | undefined): void
  /** How many leases of other nodes there are. */
  count(): number
}

/** A device of another node, while it types. */
interface RemoteDevice {
  /** Has the mirrored leases on this node. It is no connection: what is delivered to it goes nowhere. */
  readonly device: Device
  readonly sessions: Map<Room, RemoteTypingSession>
}

interface RemoteTypingSession {
  /** When it began, by the clock of its node. A session with another beginning is another session. */
  readonly since: number
}

/**
 * Every node mirrors the leases of all other nodes. So each node can make its own typing updates, and a new subscriber
 * gets one at once. A lease crosses the bus when it begins, changes or ends, and not when it is renewed: it lives as
 * long as its node is alive. A node that has missed something gets a snapshot of all leases.
 */
export function createRemoteTyping(nodes: Nodes, rooms: Rooms, leases: Leases): RemoteTyping {
  const deviceNumbers = new WeakMap<Device, number>()
  let latestDeviceNumber = 0
  /** The typing devices of each node, by their numbers. */
  const remoteDevices = new Map<PeerNode, Map<number, RemoteDevice>>()

  function numberOf(device: Device): number {
    const known = deviceNumbers.get(device)
    if (known !== undefined) return known
    latestDeviceNumber++
    deviceNumbers.set(device, latestDeviceNumber)
    return latestDeviceNumber
  }

  function leaseChange(device: Device, room: Room, session: TypingSession | undefined): LeaseChange {
    return { kind: 'lease', device: numberOf(device), user: device.user, conversation: room.writtenTo, session }
  }

  /** `undefined` if too many devices of the node type. */
  function findOrAddDevice(node: PeerNode, { device: number, user }: LeaseChange): RemoteDevice | undefined {
    const devices = remoteDevices.get(node) ?? new Map<number, RemoteDevice>()
    remoteDevices.set(node, devices)
    const known = devices.get(number)
    if (known) return known
    if (devices.size >= MAX_DEVICES) return undefined
    const added: RemoteDevice = { device: createDevice(user, () => {}), sessions: new Map() }
    devices.set(number, added)
    return added
  }

  function endSession(node: PeerNode, deviceNumber: number, room: Room): void {
    const devices = remoteDevices.get(node)
    const remoteDevice = devices?.get(deviceNumber)
    if (!devices || !remoteDevice?.sessions.delete(room)) return
    if (remoteDevice.sessions.size === 0) devices.delete(deviceNumber)
    leases.release(remoteDevice.device, room)
  }

  /** Ends the sessions of a node, except those to keep. */
  function endSessions(node: PeerNode, keep: ReadonlySet<RemoteTypingSession>): void {
    for (const [deviceNumber, { sessions }] of [...(remoteDevices.get(node) ?? [])]) {
      for (const [room, session] of [...sessions]) {
        if (!keep.has(session)) endSession(node, deviceNumber, room)
      }
    }
  }

  /** I1: a lease that is announced again with another name renames its typist. */
  function rename(device: Device, user: User): void {
    if (device.user.id !== user.id || looksTheSame(device.user, user)) return
    device.user = user
    leases.renamed(device)
  }

  /** @returns the session, if it goes on. */
  function applyChange(node: PeerNode, change: LeaseChange): RemoteTypingSession | undefined {
    const { user, conversation, session } = change
    // Nobody sees themselves typing (T4).
    if (conversation.user === user.id) return undefined
    if (!session) {
      const room = rooms.outbox(user.id, conversation)
      if (room) endSession(node, change.device, room)
      return undefined
    }
    const since = node.clock.toLocal(session.since)
    const remoteDevice = since === undefined ? undefined : findOrAddDevice(node, change)
    if (since === undefined || !remoteDevice) return undefined

    const { device, sessions } = remoteDevice
    rename(device, user)
    const room = rooms.openOutbox(device.user.id, conversation)
    const isSameSession = sessions.get(room)?.since === session.since
    const mirrored = isSameSession ? room.typists.get(device.user.id)?.sessions.get(device) : undefined
    const remoteSession = { since: session.since }
    sessions.set(room, remoteSession)
    if (mirrored?.activity !== session.activity) {
      leases.mirror(device, room, session.activity, mirrored?.since ?? Math.round(since))
    }
    return remoteSession
  }

  return {
    announce: (device, room, session) => nodes.publish(leaseChange(device, room, session)),
    count() {
      let count = 0
      for (const devices of remoteDevices.values()) {
        for (const { sessions } of devices.values()) count += sessions.size
      }
      return count
    },
    handler: {
      receive(node, change, { expired }) {
        if (!expired) {
          applyChange(node, change)
          return
        }
        // It may not be true any more: the node is asked for a snapshot.
        node.needsSync = true
        const { user, conversation } = change
        logCluster({ event: 'lease ignored', reason: 'expired', user: user.id, conversation })
      },
      *snapshot() {
        for (const { device, room, session } of leases.own()) yield leaseChange(device, room, session)
      },
      restore(node, changes) {
        const keep = new Set<RemoteTypingSession>()
        for (const change of changes) {
          const session = applyChange(node, change)
          if (session) keep.add(session)
        }
        endSessions(node, keep)
      },
      nodeDown(node) {
        endSessions(node, new Set())
        remoteDevices.delete(node)
      },
    },
  }
}

import type { User } from '../../core/message/user.ts'
import type { OutgoingDelivery } from '../messages.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { Settings } from '../options.ts'
import type { Reidentification } from '../reidentification.ts'
import type { Revocation } from '../revocation.ts'
import type { Rooms } from '../rooms.ts'
import { type BusStats, type Counters, createBusCounters } from '../stats.ts'
import type { Leases } from '../typing/leases.ts'
import type { TypingUpdates } from '../typing/typing-updates.ts'
import type { Bus } from './adapter-bus.ts'
import { createNodes } from './nodes/nodes.ts'
import { createRemoteActiveDevice, type RemoteActiveDevice } from './remote-active-device.ts'
import { createRemoteMessages } from './remote-messages.ts'
import { createRemoteReidentifications } from './remote-reidentifications.ts'
import { createRemoteRevocations } from './remote-revocations.ts'
import { createRemoteTyping } from './remote-typing.ts'

/** What this node exchanges with its peer nodes. */
export interface Cluster {
  /**
   * Publishes a message to the other nodes.
   *
   * @returns with `countRecipients`, how many of their devices received it.
   */
  publish(user: User, delivery: OutgoingDelivery): Promise<number> | undefined
  /** A lease of one of our devices has begun or changed, or its user; it has ended if the session is `undefined`. */
  announceLease(device: Device, room: Room, session: TypingSession | undefined): void
  revoke(revocation: Revocation): void
  /** Asks the other nodes to identify a user's connections again. */
  reidentify(userId: string): void
  readonly activeDevice: Pick<RemoteActiveDevice, 'check' | 'after'>
  /** Whether another node is alive. */
  hasPeers(): boolean
  stats(): BusStats
  close(): void
}

/** The parts of this node that the cluster works with. */
export interface ClusterParts {
  readonly bus: Bus
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  readonly typingUpdates: TypingUpdates
  readonly counters: Counters
  /**
   * Delivers a message to the devices of this node that had subscribed before a time.
   *
   * @returns how many devices received it.
   */
  deliverLocally(user: User, delivery: OutgoingDelivery, subscribedBefore: number): number
  /** Ends the subscriptions and leases of a user on this node that began before a time. */
  revokeLocally(revocation: Revocation, before: number): void
  /** Identifies the connections of a user on this node again. */
  reidentifyLocally(reidentification: Reidentification): void
}

export function createCluster(parts: ClusterParts): Cluster {
  const { bus, settings, rooms, leases, typingUpdates, counters, deliverLocally, revokeLocally } = parts
  const busCounters = createBusCounters()
  const nodes = createNodes(bus, settings.maxAge)
  const messages = createRemoteMessages({ nodes, settings, counters, busCounters, deliverLocally })
  const typing = createRemoteTyping(nodes, rooms, leases)
  const revocations = createRemoteRevocations(nodes, revokeLocally)
  const reidentifications = createRemoteReidentifications(nodes, parts.reidentifyLocally)
  const activeDevice = createRemoteActiveDevice(nodes, rooms, typingUpdates.activeDeviceChanged)

  nodes.register('message', messages.messageHandler)
  nodes.register('recipients', messages.recipientsHandler)
  nodes.register('lease', typing.handler)
  nodes.register('revocation', revocations.handler)
  nodes.register('reidentification', reidentifications.handler)
  if (settings.activeDeviceOnly) nodes.register('active-device', activeDevice.handler)
  nodes.start()

  return {
    publish: messages.publish,
    announceLease: typing.announce,
    revoke: revocations.publish,
    reidentify: reidentifications.publish,
    activeDevice,
    hasPeers: () => nodes.alive().length > 0,
    stats: () => ({
      nodes: nodes.alive().length,
      leases: typing.count(),
      ...busCounters,
      lost: nodes.lostMessages(),
    }),
    close: nodes.close,
  }
}

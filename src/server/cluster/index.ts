import type { User } from '../../core/message/user.ts'
import type { Bus } from './adapter-bus.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { TypingUpdates } from '../typing/typing-updates.ts'
import type { Leases } from '../typing/leases.ts'
import { createNodes, type Nodes, type Topic } from './nodes.ts'
import type { Settings } from '../options.ts'
import { createRemoteMessages } from './remote-messages.ts'
import { createRemoteRevocations } from './remote-revocations.ts'
import type { Revocation } from '../revocation.ts'
import { createRemoteTyping } from './remote-typing.ts'
import { createRemoteUse, type RemoteUse } from './remote-active-device.ts'
import type { Rooms } from '../rooms.ts'
import { type BusStats, type Counters, createBusCounters } from '../stats.ts'
import type { OutgoingDelivery } from '../messages.ts'

/** What one node has to do with the others. */
export interface Cluster {
  /** Tells the other nodes a message; with `countRecipients`, how many of their devices it reached. */
  publish(user: User, message: OutgoingDelivery): Promise<number> | undefined
  /** A lease of one of our devices has begun, changed or ended. */
  announceLease(device: Device, room: Room, session: TypingSession | undefined): void
  revoke(revocation: Revocation): void
  readonly activeDevice: Pick<RemoteUse, 'check' | 'after'>
  /** Whether any other node is there. */
  hasPeers(): boolean
  stats(): BusStats
  close(): void
}

/** What this node does for the others, with the parts it does it with. */
export interface ClusterParts {
  readonly bus: Bus
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  readonly typingUpdates: TypingUpdates
  readonly counters: Counters
  deliverLocally(user: User, message: OutgoingDelivery, subscribedBefore: number): number
  revokeLocally(revocation: Revocation, before: number): void
}

export function createCluster(parts: ClusterParts): Cluster {
  const { bus, settings, rooms, leases, typingUpdates, counters, deliverLocally, revokeLocally } = parts
  const { maxAge, countRecipients, activeDeviceOnly } = settings
  const counted = createBusCounters()
  const topics: Record<string, Topic> = {}
  const nodes: Nodes = createNodes(bus, maxAge, topics)
  const messages = createRemoteMessages(nodes, maxAge, countRecipients, counters, counted, deliverLocally)
  const typing = createRemoteTyping(nodes, rooms, leases)
  const use = createRemoteUse(nodes, rooms, typingUpdates.activeDeviceChanged)
  const revocations = createRemoteRevocations(nodes, revokeLocally)
  Object.assign(topics, messages.topics, { lease: typing.topic, revoke: revocations.topic })
  if (activeDeviceOnly) topics.use = use.topic

  return {
    publish: messages.say,
    announceLease: typing.announce,
    revoke: revocations.announce,
    activeDevice: use,
    hasPeers: () => nodes.there().length > 0,
    stats: () => ({ nodes: nodes.there().length, leases: typing.held(), ...counted, lost: nodes.lost() }),
    close: nodes.close,
  }
}

import type { User } from '../../core/message/user.ts'
import type { Bus } from './adapter-bus.ts'
import type { Device } from '../devices/device.ts'
import type { TypingUpdates } from '../typing/typing-updates.ts'
import type { Leases } from '../typing/leases.ts'
import { createNodes, type Nodes, type Topic } from './nodes.ts'
import type { Settings } from '../options.ts'
import { createRemoteMessages } from './remote-messages.ts'
import { createRemoteRevocations, type Revocation } from './remote-revocations.ts'
import { createRemoteTyping } from './remote-typing.ts'
import { createRemoteUse, type RemoteUse } from './remote-active-device.ts'
import type { Room, Rooms, Share } from '../rooms.ts'
import { type BusStats, type Counters, createBusCounters } from '../stats.ts'
import type { Delivery } from '../hub.ts'

/** What one node has to do with the others. */
export interface Cluster {
  /** Tells the other nodes a message; with `countRecipients`, how many of their devices it reached. */
  say(user: User, message: Delivery): Promise<number> | undefined
  /** A lease of one of our devices has begun, changed or ended. */
  lease(device: Device, room: Room, share: Share | undefined): void
  revoke(revocation: Revocation): void
  readonly use: Pick<RemoteUse, 'check' | 'after'>
  /** Whether any other node is there. */
  hasOthers(): boolean
  stats(): BusStats
  close(): void
}

/** What this node does for the others, with the parts it does it with. */
export interface ClusterParts {
  readonly bus: Bus
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  readonly digests: TypingUpdates
  readonly counters: Counters
  handOver(user: User, message: Delivery, listeningSince: number): number
  revoke(revocation: Revocation, before: number): void
}

export function createCluster(parts: ClusterParts): Cluster {
  const { bus, settings, rooms, leases, digests, counters, handOver, revoke } = parts
  const { maxAge, countRecipients, activeDeviceOnly } = settings
  const counted = createBusCounters()
  const topics: Record<string, Topic> = {}
  const nodes: Nodes = createNodes(bus, maxAge, topics)
  const messages = createRemoteMessages(nodes, maxAge, countRecipients, counters, counted, handOver)
  const typing = createRemoteTyping(nodes, rooms, leases)
  const use = createRemoteUse(nodes, rooms, digests.moved)
  const revocations = createRemoteRevocations(nodes, revoke)
  Object.assign(topics, messages.topics, { lease: typing.topic, revoke: revocations.topic })
  if (activeDeviceOnly) topics.use = use.topic

  return {
    say: messages.say,
    lease: typing.announce,
    revoke: revocations.announce,
    use,
    hasOthers: () => nodes.there().length > 0,
    stats: () => ({ nodes: nodes.there().length, leases: typing.held(), ...counted, lost: nodes.lost() }),
    close: nodes.close,
  }
}

import type { User } from '../../core/message/user.ts'
import type { DeliverLocally, OutgoingDelivery } from '../messages.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { Settings } from '../options.ts'
import type { Reidentification } from '../reidentification.ts'
import type { Revocation } from '../revocation.ts'
import type { Rooms } from '../rooms.ts'
import { type BusStats, type Counters, createBusCounters } from '../stats.ts'
import type { Leases } from '../typing/leases.ts'
import type { Bus } from './bus.ts'
import { createChannels } from './channels.ts'
import { createChannelSubscriptions } from './channel-subscriptions.ts'
import { createConversationReaders } from './conversation-readers.ts'
import { createLeasePublisher } from './lease-publisher.ts'
import { createNodeLink, type Receive } from './peers/node-link.ts'
import { createRemoteMessages, type PublishedTo } from './remote-messages.ts'
import { createUserNotices } from './user-notices.ts'

/** What this node exchanges with its peer nodes. */
export interface Cluster {
  /** Publishes a message to the other nodes. */
  publish(user: User, delivery: OutgoingDelivery): PublishedTo
  /** A lease of one of our devices has begun or changed, or its user; it has ended if the session is `undefined`. */
  announceLease(device: Device, room: Room, session: TypingSession | undefined): void
  revoke(revocation: Revocation): void
  /** Asks the other nodes to identify a user's connections again. */
  reidentify(userId: string): void
  /** A device has subscribed to a room, or unsubscribed from it. */
  devicesChanged(room: Room): void
  /** With `deliverTo: 'active-device'`: a device in this room has just been used. */
  deviceUsed(room: Room): void
  /** The first device of a user has come to this node, or the last one has left it. */
  userAdded(userId: string): void
  userRemoved(userId: string): void
  stats(): BusStats
  close(): void
}

/** The parts of this node that the cluster works with. */
export interface ClusterParts {
  readonly bus: Bus
  /** Name of the Socket.IO namespace. */
  readonly namespace: string
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  readonly counters: Counters
  readonly deliverLocally: DeliverLocally
  /** Ends the subscriptions and leases of a user on this node that began before a time. */
  revokeLocally(revocation: Revocation, before: number): void
  /** Identifies the connections of a user on this node again. */
  reidentifyLocally(reidentification: Reidentification): void
  /** Another device of a room may be the active one now. */
  activeDeviceChanged(room: Room): void
}

/** Builds what exchanges messages, leases and notices with other nodes. */
export function createCluster(parts: ClusterParts): Cluster {
  const { bus, namespace, settings, rooms, leases, counters } = parts
  const busCounters = createBusCounters()
  const channels = createChannels(namespace)

  /** What is published for this node alone: the answers to its questions. */
  const receive: Receive = (message, origin) => {
    if (message.kind === 'recipients') messages.addRecipients(message.countId, message.recipients)
    else if (message.kind === 'leases') readers.receiveLeases(message, origin)
    else if (message.kind === 'revocation' || message.kind === 'reidentification') notices.receive(message, origin)
  }
  const link = createNodeLink({ bus, channels, maxAge: settings.maxAge, receive })
  const subscriptions = createChannelSubscriptions(link)
  const common = { link, channels, subscriptions }

  const messages = createRemoteMessages({
    ...common,
    settings,
    counters,
    busCounters,
    deliverLocally: parts.deliverLocally,
  })
  const leasePublisher = createLeasePublisher(common)
  const readers = createConversationReaders({
    ...common,
    messages,
    settings,
    rooms,
    leases,
    activeDeviceChanged: parts.activeDeviceChanged,
  })
  const notices = createUserNotices({
    ...common,
    revokeLocally: parts.revokeLocally,
    reidentifyLocally: parts.reidentifyLocally,
  })

  return {
    publish: messages.publish,
    announceLease: leasePublisher.announce,
    revoke: notices.revoke,
    reidentify: notices.reidentify,
    devicesChanged: readers.devicesChanged,
    deviceUsed: readers.deviceUsed,
    userAdded: notices.userAdded,
    userRemoved: notices.userRemoved,
    stats: () => ({
      nodes: link.countPeers(),
      ...subscriptions.count(),
      leases: leases.countMirrored(),
      ...busCounters,
      dropped: link.countDropped(),
    }),
    close() {
      leasePublisher.close()
      notices.close()
      readers.close()
      subscriptions.close()
      link.close()
    },
  }
}

import type { User } from '../../core/message/user.ts'
import { isExpired, serverNow } from '../clock.ts'
import { logCluster } from '../debug.ts'
import type { DeliverLocally, OutgoingDelivery } from '../messages.ts'
import type { Room } from '../model.ts'
import type { Settings } from '../options.ts'
import type { BusCounters, Counters } from '../stats.ts'
import type { PublishedMessage } from './bus-message.ts'
import type { Channels } from './channels.ts'
import type { ChannelSubscriptions } from './channel-subscriptions.ts'
import type { NodeLink, Origin } from './peers/node-link.ts'
import { createRecipientCounts, type RecipientCounts } from './recipient-counts.ts'

/** What became of a message that was published. */
export interface PublishedTo {
  /** How many other nodes received it; `undefined` where the engine does not say so. */
  countNodes(): Promise<number | undefined>
  /** With `countRecipients`, to how many of their devices it was delivered, as far as they answer in time. */
  readonly recipients: Promise<number> | undefined
}

/** Online messages to and from the devices of other nodes. */
export interface RemoteMessages {
  publish(user: User, delivery: OutgoingDelivery): PublishedTo
  /** Delivers a message of another node to the devices that are subscribed here. */
  receive(room: Room | undefined, message: PublishedMessage, origin: Origin): void
  /** Another node has counted its devices. */
  readonly addRecipients: RecipientCounts['add']
}

export interface RemoteMessagesOptions {
  readonly link: NodeLink
  readonly channels: Channels
  readonly subscriptions: ChannelSubscriptions
  readonly settings: Settings
  readonly counters: Counters
  readonly busCounters: BusCounters
  readonly deliverLocally: DeliverLocally
}

export function createRemoteMessages(options: RemoteMessagesOptions): RemoteMessages {
  const { link, channels, subscriptions, settings, counters, busCounters, deliverLocally } = options
  const counts = createRecipientCounts()

  function deliver(room: Room | undefined, { user, age, command, data }: PublishedMessage, origin: Origin): number {
    const acceptedAt = origin.sentAt - age
    if (isExpired(acceptedAt, settings.maxAge)) {
      counters.dropped.expired++
      logCluster({ event: 'message dropped', reason: 'expired', user: user.id, conversation: room?.writtenTo })
      return 0
    }
    if (!room) return 0
    // A time in the future would let the message outlive `maxAge`.
    const outgoing = { at: Math.min(serverNow(), acceptedAt), command, data, conversation: room.writtenTo }
    // A device that has subscribed since it was sent does not receive it (G2).
    return deliverLocally({ room, user, message: outgoing, subscribedBefore: origin.sentAt + origin.errorBound })
  }

  return {
    publish(user, { at, command, data, conversation }) {
      busCounters.messagesOut++
      const channel = channels.conversation(user.id, conversation)
      const countId = settings.countRecipients ? counts.begin() : 0
      const age = Math.max(0, serverNow() - at)
      const published = link.publish(channel, { kind: 'message', countId, age, user, command, data })
      const isReader = subscriptions.isActive(channel)
      const countNodes = async () => {
        const subscribers = await published
        // The engine counts this node as well.
        return subscribers !== undefined && isReader ? Math.max(0, subscribers - 1) : subscribers
      }
      if (countId === 0) return { countNodes, recipients: undefined }
      return { countNodes, recipients: countNodes().then((nodes) => counts.wait(countId, nodes)) }
    },
    receive(room, message, origin) {
      busCounters.messagesIn++
      const recipients = deliver(room, message, origin)
      const { countId } = message
      if (countId !== 0) void link.publish(channels.node(origin.node), { kind: 'recipients', countId, recipients })
    },
    addRecipients: counts.add,
  }
}

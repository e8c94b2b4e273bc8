import type { User } from '../../core/message/user.ts'
import { isExpired, serverNow } from '../clock.ts'
import { logCluster } from '../debug.ts'
import type { OutgoingDelivery } from '../messages.ts'
import type { Settings } from '../options.ts'
import type { BusCounters, Counters } from '../stats.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import { createRecipientCounts } from './recipient-counts.ts'

/** Online messages to and from the devices of other nodes. */
export interface RemoteMessages {
  readonly messageHandler: MessageHandler<'message'>
  readonly recipientsHandler: MessageHandler<'recipients'>
  /**
   * Publishes a message to all other nodes, once.
   *
   * @returns with `countRecipients`, how many of their devices received it, as far as they answer in time.
   */
  publish(user: User, delivery: OutgoingDelivery): Promise<number> | undefined
}

export interface RemoteMessagesParts {
  readonly nodes: Nodes
  readonly settings: Settings
  readonly counters: Counters
  readonly busCounters: BusCounters
  /**
   * Delivers a message to the devices of this node that had subscribed before a time by our clock.
   *
   * @returns how many devices received it.
   */
  deliverLocally(user: User, delivery: OutgoingDelivery, subscribedBefore: number): number
}

export function createRemoteMessages(parts: RemoteMessagesParts): RemoteMessages {
  const { nodes, settings, counters, busCounters, deliverLocally } = parts
  const counts = createRecipientCounts(nodes)

  return {
    publish(user, { at, command, data, conversation }) {
      busCounters.messagesOut++
      const count = settings.countRecipients ? counts.begin() : undefined
      nodes.publish({ kind: 'message', countId: count?.id ?? 0, at, user, conversation, command, data })
      return count?.recipients
    },
    messageHandler: {
      receive(node, { countId, at, user, conversation, command, data }, sentAt) {
        const acceptedAt = node.clock.toLocal(at)
        if (acceptedAt === undefined) return
        busCounters.messagesIn++
        let recipients = 0
        if (isExpired(acceptedAt, settings.maxAge)) {
          counters.dropped.expired++
          logCluster({ event: 'message dropped', reason: 'expired', user: user.id, conversation })
        } else {
          // A time in the future would let the message outlive `maxAge`.
          const delivery = { at: Math.min(serverNow(), acceptedAt), command, data, conversation }
          // A device that has subscribed since it was sent does not receive it (G2).
          recipients = deliverLocally(user, delivery, sentAt.time + sentAt.errorBound)
        }
        if (countId !== 0) nodes.publish({ kind: 'recipients', node: node.id, countId, recipients })
      },
    },
    recipientsHandler: {
      receive(node, message) {
        if (message.node === nodes.id) counts.add(node, message.countId, message.recipients)
      },
      nodeDown: counts.nodeDown,
    },
  }
}

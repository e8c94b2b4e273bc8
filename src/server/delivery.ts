import type { User } from '../core/message/user.ts'
import { settle } from '../core/settle.ts'
import { MESSAGE } from '../core/transport/wire.ts'
import { activeDevice, deliversToOne } from './active-device.ts'
import { isExpired } from './clock.ts'
import type { PublishedTo } from './cluster/remote-messages.ts'
import type { FrameMaker } from './connections/frame.ts'
import { createKeyedRateLimit, createRateLimit, RESERVE } from './connections/rate-limit.ts'
import { logDelivery } from './debug.ts'
import {
  ACCEPTED,
  type CheckedMessage,
  type DeliverLocally,
  type OutgoingDelivery,
  type SendOutcome,
} from './messages.ts'
import type { Device, Room } from './model.ts'
import type { Settings } from './options.ts'
import { askPermission } from './permission.ts'
import { createRefuse, expired, groupTooFast, sendingForbidden } from './refusals.ts'
import { outboxKey, type Rooms } from './rooms.ts'
import type { Counters } from './stats.ts'

/** Most groups without a subscriber on this node whose rate is limited all the same. */
const MAX_REMOTE_GROUPS = 1000

export interface LocalDeliveryOptions {
  readonly settings: Settings
  readonly makeFrame: FrameMaker
  readonly counters: Counters
}

export function createLocalDelivery({ settings, makeFrame, counters }: LocalDeliveryOptions): DeliverLocally {
  const receivers = (room: Room): Iterable<Device> => {
    if (!deliversToOne(settings, room)) return room.devices.keys()
    const device = activeDevice(room)
    return device ? [device] : []
  }

  return ({ room, user, message: { at, command, data }, subscribedBefore }) => {
    const frame = makeFrame(at, [MESSAGE, Math.round(at), room.conversation, command, data, user])
    let delivered = 0
    for (const device of receivers(room)) {
      // T4: nobody receives their own messages, on any of their devices.
      if (device.user.id === user.id) continue
      // G2: a device that subscribed after the message was sent does not get it.
      if ((room.devices.get(device) ?? 0) > subscribedBefore) continue
      device.deliver(frame)
      delivered++
    }
    counters.messagesOut += delivered
    return delivered
  }
}

/** Sends the messages of this node's devices. */
export interface Delivery {
  /** Delivers a message here and publishes it to the other nodes. A promise only while `authorize` thinks. */
  send(device: Device, message: CheckedMessage): SendOutcome | Promise<SendOutcome>
}

export interface DeliveryOptions {
  readonly settings: Settings
  readonly rooms: Rooms
  readonly counters: Counters
  readonly deliverLocally: DeliverLocally
  readonly markActive: (device: Device) => void
  /** The other nodes, if the server has any. */
  readonly peers: Peers | undefined
}

/** What delivery asks of the other nodes. */
export interface Peers {
  publish(user: User, message: OutgoingDelivery): PublishedTo
}

export function createDelivery(options: DeliveryOptions): Delivery {
  const { settings, rooms, counters, deliverLocally, markActive, peers } = options
  const refuse = createRefuse(counters, logDelivery, 'message')
  const groupRate = createRateLimit(settings.perGroup)
  const remoteGroupRate = createKeyedRateLimit(groupRate, MAX_REMOTE_GROUPS)
  const expiredRefusal = expired(settings.maxAge)

  /** @param room where the message arrives, if there is one. */
  function isWithinGroupRate(room: Room | undefined, user: User, message: CheckedMessage): boolean {
    const { conversation, priority } = message
    if (room) {
      const fullAt = groupRate.take(room.messagesFullAt, RESERVE[priority])
      if (fullAt === undefined) return false
      room.messagesFullAt = fullAt
      return true
    }
    // Without a room nobody on this node is subscribed. Somebody on another node may be.
    if (!peers) return true
    return remoteGroupRate.take(outboxKey(user.id, conversation), RESERVE[priority])
  }

  /** Counts a message that was delivered to nobody here, if it has reached no other node either. */
  async function countIfOffline(user: User, { conversation }: CheckedMessage, published?: PublishedTo): Promise<void> {
    if (published && (await published.countNodes()) !== 0) return
    counters.dropped.offline++
    logDelivery({ event: 'message dropped', reason: 'offline', user: user.id, conversation })
  }

  function deliver({ user }: Device, message: CheckedMessage): SendOutcome {
    const { at, conversation } = message
    // G1: it may have expired while it waited for permission.
    if (isExpired(at, settings.maxAge)) return refuse(expiredRefusal, user.id, conversation)
    const room = rooms.outbox(user.id, conversation)
    if (conversation.group !== undefined && !isWithinGroupRate(room, user, message)) {
      return refuse(groupTooFast, user.id, conversation)
    }

    counters.messagesIn++
    // This node's devices first: they do not wait for the other nodes.
    const delivered = room ? deliverLocally({ room, user, message, subscribedBefore: Infinity }) : 0
    const published = peers?.publish(user, message)
    if (delivered === 0) void countIfOffline(user, message, published)

    if (!settings.countRecipients) return ACCEPTED
    if (!published?.recipients) return { ok: true, recipients: delivered }
    return { ok: true, recipients: published.recipients.then((count) => delivered + count) }
  }

  return {
    send(device, message) {
      const { user } = device
      const { at, command, conversation } = message
      if (isExpired(at, settings.maxAge)) return refuse(expiredRefusal, user.id, conversation)
      markActive(device)
      const allowed = askPermission(settings.authorize, device, { user, conversation, action: 'send', command })
      return settle(allowed, (yes) =>
        yes ? deliver(device, message) : refuse(sendingForbidden, user.id, conversation),
      )
    },
  }
}

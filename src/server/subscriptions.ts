import type { Conversation } from '../core/message/conversation.ts'
import type { SendFailure, SendResult } from '../core/message/send-result.ts'
import { serverNow } from './clock.ts'
import type { FrameMaker } from './connections/frame.ts'
import { logDelivery } from './debug.ts'
import { addTo, countOf, includes, itemsOf, removeFrom } from './devices/small-set.ts'
import { createEvent, type Event } from './event.ts'
import { ACCEPTED } from './messages.ts'
import type { Device, Room } from './model.ts'
import type { Settings } from './options.ts'
import { askPermission } from './permission.ts'
import { pendingSubscription, waitForPermission } from './pending-subscriptions.ts'
import {
  connectionTooFast,
  createRefuse,
  MAX_QUESTIONS,
  MAX_SUBSCRIPTIONS,
  refusedFrame,
  subscribingForbidden,
  tooManySubscriptions,
} from './refusals.ts'
import type { Rooms } from './rooms.ts'
import type { Counters } from './stats.ts'
import type { TypingUpdates } from './typing/typing-updates.ts'

/** Which device is subscribed to which conversation. */
export interface Subscriptions {
  /**
   * Subscribes a device if `authorize` allows it. A promise only while `authorize` thinks. It thinks about several
   * conversations at the same time, and about a conversation only once. When it denies a conversation to which the device
   * is subscribed already, that subscription ends.
   */
  subscribe(device: Device, conversation: Conversation): SendResult | Promise<SendResult>
  /** Also cancels a subscription that still waits for permission. */
  unsubscribe(device: Device, conversation: Conversation): void
  unsubscribeAll(device: Device): void
  /** Ends a subscription that the device wants to keep, and sends it the reason. */
  endSubscription(device: Device, room: Room, reason: SendFailure): void
  /** A device has subscribed to a room, or unsubscribed from it. */
  readonly onChange: Event<Room>['on']
}

export interface SubscriptionsOptions {
  readonly settings: Settings
  readonly rooms: Rooms
  readonly typingUpdates: TypingUpdates
  readonly makeFrame: FrameMaker
  readonly counters: Counters
}

export function createSubscriptions(options: SubscriptionsOptions): Subscriptions {
  const { settings, rooms, typingUpdates, makeFrame, counters } = options
  const refuse = createRefuse(counters, logDelivery, 'subscription')
  const change = createEvent<Room>()

  function roomOf(device: Device, conversation: Conversation): Room | undefined {
    const room = rooms.inbox(device.user.id, conversation)
    return room && includes(device.subscriptions, room) ? room : undefined
  }

  function isFull(device: Device, conversation: Conversation): boolean {
    const pending = device.subscribing?.newCount ?? 0
    return countOf(device.subscriptions) + pending >= MAX_SUBSCRIPTIONS && !roomOf(device, conversation)
  }

  const hasTooManyQuestions = ({ subscribing }: Device): boolean =>
    subscribing !== undefined && subscribing.questions >= MAX_QUESTIONS

  function add(device: Device, conversation: Conversation): void {
    if (device.gone) return
    const room = rooms.openInbox(device.user.id, conversation)
    // Keep the original start time if it is subscribed already.
    if (!room.devices.has(device)) room.devices.set(device, serverNow())
    device.subscriptions = addTo(device.subscriptions, room)
    change.emit(room)
    typingUpdates.deliverTo(room, device)
  }

  function remove(device: Device, room: Room): void {
    device.subscriptions = removeFrom(device.subscriptions, room)
    room.devices.delete(device)
    change.emit(room)
    rooms.closeIfEmpty(room)
  }

  /** Ends a subscription that the device wants to keep. */
  function end(device: Device, room: Room): void {
    remove(device, room)
    typingUpdates.hideFrom(room, device)
  }

  function decide(device: Device, conversation: Conversation, isAllowed: boolean): SendResult {
    const { user } = device
    if (!isAllowed) {
      const room = roomOf(device, conversation)
      if (room) end(device, room)
      return refuse(subscribingForbidden, user.id, conversation)
    }
    // Another one may have been allowed while this one waited.
    if (isFull(device, conversation)) return refuse(tooManySubscriptions, user.id, conversation)
    add(device, conversation)
    return ACCEPTED
  }

  return {
    subscribe(device, conversation) {
      const { user } = device
      const pending = pendingSubscription(device, conversation)
      if (pending) return pending.result
      if (isFull(device, conversation)) return refuse(tooManySubscriptions, user.id, conversation)
      if (hasTooManyQuestions(device)) return refuse(connectionTooFast, user.id, conversation)
      const allowed = askPermission(settings.authorize, device, { user, conversation, action: 'subscribe' })
      if (!(allowed instanceof Promise)) return decide(device, conversation, allowed)
      return waitForPermission({
        device,
        conversation,
        isNew: !roomOf(device, conversation),
        allowed,
        decide: (isAllowed) => decide(device, conversation, isAllowed),
      })
    },
    unsubscribe(device, conversation) {
      pendingSubscription(device, conversation)?.cancel()
      const room = roomOf(device, conversation)
      if (room) remove(device, room)
    },
    unsubscribeAll(device) {
      for (const pending of [...(device.subscribing?.pending.values() ?? [])]) pending.cancel()
      for (const room of itemsOf(device.subscriptions)) remove(device, room)
    },
    endSubscription(device, room, reason) {
      if (!includes(device.subscriptions, room)) return
      end(device, room)
      device.deliver(refusedFrame(makeFrame, room.conversation, reason))
      const { user } = device
      logDelivery({ event: 'subscription ended', reason: 'forbidden', user: user.id, conversation: room.conversation })
    },
    onChange: change.on,
  }
}

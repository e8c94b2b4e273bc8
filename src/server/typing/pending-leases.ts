import { TYPING_COMMAND } from '../../core/message/commands.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import type { SendResult } from '../../core/message/send-result.ts'
import { settle } from '../../core/settle.ts'
import { isExpired } from '../clock.ts'
import { logTyping } from '../debug.ts'
import { ACCEPTED, type CheckedLease } from '../messages.ts'
import type { Device, PendingLease } from '../model.ts'
import type { Settings } from '../options.ts'
import { askPermission } from '../permission.ts'
import { createRefuse, expired, MAX_TYPING, sendingForbidden, tooManyLeases } from '../refusals.ts'
import { outboxKey, type Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'
import type { Leases } from './leases.ts'

/** Takes and releases the typing leases that devices ask for. Those that wait for permission are pending. */
export interface PendingLeases {
  /**
   * Takes, renews or releases a lease. While `authorize` thinks about a conversation, a renewal only changes the lease
   * that is pending, and a release cancels it.
   */
  request(device: Device, lease: CheckedLease): SendResult | Promise<SendResult>
  /** Cancels what is pending for a device that is gone. */
  cancelAll(device: Device): void
}

export interface PendingLeasesOptions {
  readonly settings: Settings
  readonly rooms: Rooms
  readonly leases: Leases
  readonly counters: Counters
  readonly markActive: (device: Device) => void
}

export function createPendingLeases(options: PendingLeasesOptions): PendingLeases {
  const { settings, rooms, leases, counters, markActive } = options
  const refuse = createRefuse(counters, logTyping, 'lease')
  const expiredRefusal = expired(settings.maxAge)

  function take(device: Device, conversation: Conversation, { ttl, activity }: PendingLease): void {
    const { id } = device.user
    // Nobody sees themselves type (T4).
    if (device.gone || conversation.user === id) return
    leases.take({ device, room: rooms.openOutbox(id, conversation), ttl, activity })
  }

  function release(device: Device, conversation: Conversation): void {
    const { id } = device.user
    device.pendingLeases?.delete(outboxKey(id, conversation))
    const room = rooms.outbox(id, conversation)
    if (room) leases.release(device, room)
  }

  /** Whether a lease in one more conversation would be too many. */
  function isFull(device: Device, conversation: Conversation): boolean {
    const room = rooms.outbox(device.user.id, conversation)
    const hasLease = room !== undefined && device.typingIn?.has(room) === true
    if (hasLease) return false
    const taken = device.typingIn?.size ?? 0
    const pending = device.pendingLeases?.size ?? 0
    return taken + pending >= MAX_TYPING
  }

  return {
    request(device, { at, ttl, activity, conversation }) {
      const { user } = device
      if (ttl === 0) {
        release(device, conversation)
        return ACCEPTED
      }
      if (isExpired(at, settings.maxAge)) return refuse(expiredRefusal, user.id, conversation)
      markActive(device)

      const pendingLeases = (device.pendingLeases ??= new Map<string, PendingLease>())
      const key = outboxKey(user.id, conversation)
      const sameConversation = pendingLeases.get(key)
      if (sameConversation) {
        sameConversation.ttl = ttl
        sameConversation.activity = activity
        return ACCEPTED
      }
      if (isFull(device, conversation)) return refuse(tooManyLeases, user.id, conversation)

      const lease: PendingLease = { ttl, activity }
      pendingLeases.set(key, lease)
      const allowed = askPermission(settings.authorize, device, {
        user,
        conversation,
        action: 'send',
        command: TYPING_COMMAND,
      })
      return settle(allowed, (yes) => {
        // It may have been released meanwhile, and another one may be pending in its place.
        const isPending = pendingLeases.get(key) === lease
        if (isPending) pendingLeases.delete(key)
        if (yes) {
          if (isPending) take(device, conversation, lease)
          return ACCEPTED
        }
        // The session that the lease would have renewed ends, too.
        if (isPending) release(device, conversation)
        return refuse(sendingForbidden, user.id, conversation)
      })
    },
    cancelAll(device) {
      device.pendingLeases?.clear()
    },
  }
}

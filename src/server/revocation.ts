import type { Conversation } from '../core/message/conversation.ts'
import { itemsOf } from './devices/small-set.ts'
import type { UserDevices } from './devices/user-devices.ts'
import type { Device } from './model.ts'
import type { Settings } from './options.ts'
import { askPermission } from './permission.ts'
import { subscribingForbidden, subscriptionRevoked } from './refusals.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { Leases } from './typing/leases.ts'

/** Whose subscriptions and leases are to end: in one conversation and its threads, or in all of them. */
export interface Revocation {
  readonly user: string
  readonly conversation?: Conversation | undefined
}

/** Takes permissions back. */
export interface Revocations {
  /** Ends the user's subscriptions and leases on this node that began at `before` or earlier. */
  revokeLocally(revocation: Revocation, before: number): void
  /** Asks `authorize` again whether a device may keep its subscriptions, and ends those it may not. */
  reauthorize(device: Device): Promise<void>
}

export interface RevocationsOptions {
  readonly settings: Settings
  readonly devices: UserDevices
  readonly subscriptions: Subscriptions
  readonly leases: Leases
}

export function createRevocations({ settings, devices, subscriptions, leases }: RevocationsOptions): Revocations {
  return {
    revokeLocally({ user, conversation }, before) {
      for (const device of devices.of(user)) {
        device.revocations++
        for (const room of [...(device.typingIn ?? [])]) {
          const since = room.typists.get(user)?.sessions.get(device)?.since ?? 0
          if (since <= before && covers(conversation, room.writtenTo)) leases.release(device, room)
        }
        for (const room of itemsOf(device.subscriptions)) {
          const since = room.devices.get(device) ?? 0
          if (since <= before && covers(conversation, room.conversation)) {
            subscriptions.endSubscription(device, room, subscriptionRevoked)
          }
        }
      }
    },
    async reauthorize(device) {
      for (const room of itemsOf(device.subscriptions)) {
        const { conversation } = room
        const request = { user: device.user, conversation, action: 'subscribe' } as const
        const yes = await askPermission(settings.authorize, device, request)
        if (!yes) subscriptions.endSubscription(device, room, subscribingForbidden)
      }
    },
  }
}

/** Whether a revocation of one conversation covers another: the same one, and its threads. Without one it covers all. */
export function covers(revoked: Conversation | undefined, other: Conversation): boolean {
  if (!revoked) return true
  if (revoked.user !== other.user || revoked.group !== other.group) return false
  return revoked.thread === undefined || revoked.thread === other.thread
}

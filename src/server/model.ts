/**
 * What the server remembers: devices and rooms, in memory only (G3). The two refer to each other, so both are declared
 * here; `devices/device.ts` and `rooms.ts` make them.
 */
import type { Socket } from 'socket.io'
import type { Conversation } from '../core/message/conversation.ts'
import type { SendResult } from '../core/message/send-result.ts'
import type { User } from '../core/message/user.ts'
import type { Activity } from '../core/typing/typing.ts'
import type { Frame } from './connections/frame.ts'
import type { SmallSet } from './devices/small-set.ts'
import type { Shown } from './typing/shown.ts'

/** One connection of one user, or a bot: it subscribes, sends and types. */
export interface Device {
  /** Replaced by one with the same id when the user has another name or picture (I1). */
  user: User
  /** Delivers a frame: writes it to the connection, or calls a bot in this process. */
  deliver(frame: Frame): void
  /** Its connection; a bot has none. */
  readonly socket: Socket | undefined
  /** The rooms of the conversations to which it is subscribed. */
  subscriptions: SmallSet<Room>
  /** Set while `authorize` thinks about subscriptions. */
  subscribing: Subscribing | undefined
  /** The rooms in which it has a typing lease. Created with the first lease, since most devices never type. */
  typingIn?: Set<Room>
  /** Typing leases that wait for permission, by room key. Created with the first one. */
  pendingLeases?: Map<string, PendingLease>
  /** Counts revocations: a permission that was asked for before a revocation is asked for again after it. */
  revocations: number
  /** Whether it has disconnected. */
  gone: boolean
  /** When `identify` was asked whose it is, by the server's clock. */
  identifiedAt: number
  /** When it was last connected, focused or used, by the server's clock. No two devices of a node have the same time. */
  lastActiveAt: number
}

/** The subscriptions of a device that wait for permission. */
export interface Subscribing {
  /** By room key. */
  readonly pending: Map<string, PendingSubscription>
  /** How many of them are not renewals of subscriptions that it has. */
  newCount: number
  /** How many questions `authorize` has not answered yet, those among them that nobody waits for any more. */
  questions: number
}

/** A subscription that waits for permission. */
export interface PendingSubscription {
  readonly result: Promise<SendResult>
  /** Nobody wants it any more. */
  cancel(): void
}

/** A typing lease that waits for permission. A renewal that arrives meanwhile changes it. */
export interface PendingLease {
  ttl: number
  activity: Activity
}

/** One user who types in a room, on one device or on several. Others see the name that the latest session's device has. */
export interface RoomTypist {
  /** One session for each device; each ends by itself. The latest one is last, and is what is shown. Never empty. */
  readonly sessions: Map<Device, TypingSession>
}

/** From a typist's first key to their stop, on one device. */
export interface TypingSession {
  readonly activity: Activity
  /** When it began, by the server's clock. */
  readonly since: number
  /** When its lease expires, by the server's clock. */
  until: number
}

/**
 * Where messages arrive. The members of a group share one room. A one-to-one conversation has two rooms, one for each
 * receiver. A room exists while somebody is subscribed or types there.
 */
export interface Room {
  readonly key: string
  /** The conversation as its subscribers see it. */
  readonly conversation: Conversation
  /** The same conversation as those who send to it see it. */
  readonly writtenTo: Conversation
  /** The subscribed devices, and when each subscribed. */
  readonly devices: Map<Device, number>
  /** By user id, in the order in which they began (R1). All rooms in which nobody types share one empty map. */
  typists: Map<string, RoomTypist>
  /** The state of its rate limit: see `createRateLimit`. */
  messagesFullAt?: number | undefined
  /** One-to-one with `deliverTo: 'active-device'`: the active device at the latest typing update. It alone shows typing. */
  activeDeviceAtUpdate?: Device | undefined
  /** One-to-one with `deliverTo: 'active-device'`: whether the active device is on another node. */
  isActiveElsewhere?: boolean
  /** What the latest typing update showed. */
  shown: Shown
  /** When the latest typing update was sent. */
  lastUpdateAt: number
  /** When a typing update was last sent to everybody who sees somebody type. */
  repeatedAt: number
  /** Whether a typing update is being sent, in slices. */
  isSending: boolean
  /** Waits for the next typing update. */
  updateTimer?: NodeJS.Timeout | undefined
}

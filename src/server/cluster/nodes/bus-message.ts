import type { Conversation } from '../../../core/message/conversation.ts'
import type { User } from '../../../core/message/user.ts'
import type { Activity } from '../../../core/typing/typing.ts'

/** "I am alive." It also answers other nodes' messages, which is how nodes learn each other's clocks. */
export interface Heartbeat {
  readonly kind: 'heartbeat'
  /** The ids of the nodes that this one asks for a snapshot. */
  readonly snapshotRequests: readonly string[]
  readonly echoes: readonly Echo[]
}

/** Tells a node when its latest message was sent and how long ago it arrived. */
export interface Echo {
  readonly node: string
  /** By the clock of that node. */
  readonly sentAt: number
  /** How long the message had been here when the echo was sent, in milliseconds. */
  readonly heldFor: number
}

/** "I am closing." */
export interface Leave {
  readonly kind: 'leave'
}

/** One chunk of everything that a node has: whatever is not in its snapshot has ended. */
export interface Snapshot {
  readonly kind: 'snapshot'
  /** From 0 to `chunks` - 1. */
  readonly chunk: number
  readonly chunks: number
  readonly entries: readonly SnapshotEntry[]
}

/** An online message for the devices of other nodes. */
export interface PublishedMessage {
  readonly kind: 'message'
  /** The number under which the sending node counts the recipients; 0 if it does not count them. */
  readonly countId: number
  /** When it was sent, by the clock of the sender's node. */
  readonly at: number
  readonly user: User
  readonly conversation: Conversation
  readonly command: string
  readonly data: string
}

/** How many devices of a node received a message. */
export interface RecipientCount {
  readonly kind: 'recipients'
  /** The id of the node that counts. */
  readonly node: string
  readonly countId: number
  readonly recipients: number
}

/** A typing lease has begun, changed or ended, or its user has another name or picture. */
export interface LeaseChange {
  readonly kind: 'lease'
  /** The device's number on its node. */
  readonly device: number
  readonly user: User
  readonly conversation: Conversation
  /** `undefined` when the lease has ended. `since` is by the clock of the typist's node. */
  readonly session: { readonly activity: Activity; readonly since: number } | undefined
}

/** When the devices of a node in a one-to-one room were last active. */
export interface ActiveDeviceClaim {
  readonly kind: 'active-device'
  /** The id of the user who receives there. */
  readonly receiver: string
  /** The conversation as the receiver sees it. */
  readonly conversation: Conversation
  /** By the clock of that node; 0 if it has no device there any more. */
  readonly lastActiveAt: number
  /** Whether its node already knew our claim. */
  readonly isAnswer: boolean
}

/** A user's subscriptions and leases were revoked. */
export interface RevocationNotice {
  readonly kind: 'revocation'
  /** By the clock of the node that revoked. */
  readonly at: number
  readonly user: string
  /** `undefined` for all conversations. */
  readonly conversation: Conversation | undefined
}

/** A user's connections are to be identified again. */
export interface ReidentificationNotice {
  readonly kind: 'reidentification'
  /** By the clock of the node on which the app asked for it. */
  readonly at: number
  readonly user: string
}

/** The messages that a snapshot consists of. */
export type SnapshotEntry = LeaseChange | ActiveDeviceClaim | RevocationNotice | ReidentificationNotice

/** Everything that nodes publish to each other. */
export type BusMessage = Heartbeat | Leave | Snapshot | PublishedMessage | RecipientCount | SnapshotEntry

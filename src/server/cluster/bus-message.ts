import type { Conversation } from '../../core/message/conversation.ts'
import type { User } from '../../core/message/user.ts'
import type { Activity } from '../../core/typing/typing.ts'

/** An online message, on the channel of its conversation. */
export interface PublishedMessage {
  readonly kind: 'message'
  /** The number under which the sending node counts the recipients; 0 if it does not count them. */
  readonly countId: number
  /** How old it was when its node published it, in milliseconds. */
  readonly age: number
  readonly user: User
  readonly command: string
  /** As its sender encoded it; no node decodes it. */
  readonly data: string
}

/** To how many devices of a node a message was delivered. For the node that published the message. */
export interface RecipientCount {
  readonly kind: 'recipients'
  readonly countId: number
  readonly recipients: number
}

/** The typing lease of one device. */
export interface PublishedLease {
  /** The device's number on its node. */
  readonly device: number
  readonly user: User
  /** `undefined` when the lease has ended. `since` is by the clock of the typist's node. */
  readonly session: { readonly activity: Activity; readonly since: number } | undefined
}

/**
 * Leases that have begun, changed or ended, or are renewed, on the channel of their conversation. The same as an answer
 * for one node, which then names the channel.
 */
export interface PublishedLeases {
  readonly kind: 'leases'
  /** The channel of the conversation, where it is not the channel on which the message arrives; otherwise ''. */
  readonly channel: string
  readonly leases: readonly PublishedLease[]
}

/** "Who types there?", or "Which notices are there?", on a channel for questions. The answer goes to the asking node. */
export interface Question {
  readonly kind: 'question'
}

/** On the channel of a one-to-one conversation: the active device of its receiver is on this node, or may be. */
export interface ActiveDeviceClaim {
  readonly kind: 'active-device'
  /** The highest number has the active device. 0 asks the node that has it. */
  readonly number: number
  /** When the node's latest device there was active, by its clock; 0 when it has none any more. */
  readonly activeAt: number
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

/** Asks a node for the time. */
export interface ClockQuestion {
  readonly kind: 'clock-question'
}

/** The time at its sender is the time at which this message was sent. */
export interface ClockAnswer {
  readonly kind: 'clock-answer'
  /** When the question was sent, by the clock of the node that asked. */
  readonly askedAt: number
}

/** The messages that need no clock: they are how nodes learn each other's. */
export type ClockMessage = ClockQuestion | ClockAnswer

/** Notices about a user, on the user's channel. */
export type UserNotice = RevocationNotice | ReidentificationNotice

/** Everything whose age matters. */
export type TimedMessage =
  | PublishedMessage
  | RecipientCount
  | PublishedLeases
  | Question
  | ActiveDeviceClaim
  | UserNotice

/** Everything that nodes publish to each other. */
export type BusMessage = TimedMessage | ClockMessage

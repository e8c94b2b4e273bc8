import type { Conversation } from '../core/message/conversation.ts'
import { isFailure } from '../core/message/failure.ts'
import type { Priority } from '../core/message/message.ts'
import type { SendFailure, SendResult } from '../core/message/send-result.ts'
import type { User } from '../core/message/user.ts'
import { settle } from '../core/settle.ts'
import type { Activity } from '../core/typing/typing.ts'
import type { Room } from './model.ts'

/** A message on its way to the subscribers of a conversation. */
export interface OutgoingDelivery {
  /** When it was sent, by the server's clock. */
  readonly at: number
  readonly command: string
  /** The data as its sender encoded it; the server never decodes it. */
  readonly data: string
  readonly conversation: Conversation
}

/** A message for the devices of this node that are subscribed to a conversation. */
export interface LocalDelivery {
  /** Where the message arrives. */
  readonly room: Room
  /** The sender. */
  readonly user: User
  readonly message: OutgoingDelivery
  /** A device that subscribed later does not get the message (G2). By the server's clock. */
  readonly subscribedBefore: number
}

/** Delivers a message to this node's devices, and returns to how many. */
export type DeliverLocally = (delivery: LocalDelivery) => number

/** A message from a client that has been parsed and checked. */
export interface CheckedMessage extends OutgoingDelivery {
  readonly priority: Priority
}

/** A typing lease from a client that has been parsed and checked. */
export interface CheckedLease {
  /** When it was sent, by the server's clock. */
  readonly at: number
  /** How long it lives, in milliseconds; 0 releases it. */
  readonly ttl: number
  readonly activity: Activity
  readonly conversation: Conversation
}

/** What became of a message, before other nodes have counted its recipients. */
export type SendOutcome = AcceptedMessage | SendFailure

/** A message that was accepted. */
export interface AcceptedMessage {
  readonly ok: true
  /** With `countRecipients`, how many devices it was delivered to; a promise while other nodes count. */
  readonly recipients?: number | Promise<number>
}

/** Accepted, and nobody counts recipients. */
export const ACCEPTED: SendResult & AcceptedMessage = { ok: true }

/** The result for the sender: it comes once all recipients are counted. */
export function sendResult(outcome: SendOutcome): SendResult | Promise<SendResult> {
  if (isFailure(outcome)) return outcome
  if (outcome.recipients === undefined) return ACCEPTED
  return settle(outcome.recipients, (recipients): SendResult => ({ ok: true, recipients }))
}

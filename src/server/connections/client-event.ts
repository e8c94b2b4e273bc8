import type { Conversation } from '../../core/message/conversation.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { logConnections } from '../debug.ts'
import type { Hub } from '../hub.ts'
import type { Settings } from '../options.ts'
import { createRefuse } from '../refusals.ts'
import type { Counters } from '../stats.ts'
import type { Connection, ConnectionLimits } from './connection.ts'
import type { Identification } from './identification.ts'

/** One event of a client. */
export interface ClientEvent {
  readonly connection: Connection
  /** Not checked: everything a client sends is hostile until it is parsed. */
  readonly args: readonly unknown[]
  /** Answers the client if it has asked for an answer. Only the first answer is sent. */
  answer(result: unknown): void
}

export type Handler = (event: ClientEvent) => void

export interface HandlersOptions {
  readonly settings: Settings
  readonly hub: Hub
  readonly counters: Counters
  readonly limits: ConnectionLimits
  readonly identification: Identification
  /** Sends the client the event that says why it is not subscribed. */
  readonly writeRefused: (connection: Connection, conversation: Conversation, reason: SendFailure) => void
}

/** Counts and logs the refusal of a packet, and returns it. */
export type RefusePacket = (connection: Connection, reason: SendFailure, conversation?: Conversation) => SendFailure

export function createRefusePacket(counters: Counters): RefusePacket {
  const refuse = createRefuse(counters, logConnections, 'packet')
  return ({ device }, reason, conversation) => refuse(reason, device?.user.id, conversation)
}

import type { Conversation } from '../core/message/conversation.ts'
import type { Priority } from '../core/message/message.ts'

/** A message on its way to the subscribers of a conversation. */
export interface OutgoingDelivery {
  /** When it was sent, by the server's clock. */
  readonly at: number
  readonly command: string
  /** The data as its sender encoded it; the server never decodes it. */
  readonly data: string
  readonly conversation: Conversation
}

/** A message from a client that has been parsed and checked. */
export interface CheckedMessage extends OutgoingDelivery {
  readonly priority: Priority
}

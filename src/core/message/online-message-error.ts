import type { Conversation } from './conversation.ts'
import type { SendFailureCode } from './send-result.ts'

/** A failure that no caller awaits: a refused lease or subscription, received data that does not fit its schema. */
export interface OnlineMessageError extends Error {
  /** The reason, for programs; `message` is for people. */
  readonly code: SendFailureCode
  /** Where it happened. */
  readonly conversation: Conversation
  /** The command of the message; `textInput` is typing. */
  readonly command: string
}

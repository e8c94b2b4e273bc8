import type { Conversation } from './conversation.ts'
import type { SendFailure, SendFailureCode } from './message.ts'

/** Says what is wrong, then the fix. */
export const failure = (code: SendFailureCode, message: string): SendFailure => ({ ok: false, code, message })

/** What went wrong where nobody was waiting for an answer: a refused lease, data that does not fit its schema. */
export interface OnlineMessageError extends Error {
  /** Why, for programs; `message` is for people. */
  readonly code: SendFailureCode
  /** Where it happened. */
  readonly conversation: Conversation
  /** Of what kind the message was; `textInput` is typing. */
  readonly command: string
}

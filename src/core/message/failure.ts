import type { Conversation } from './conversation.ts'
import type { SendFailure, SendFailureCode } from './message.ts'

/** Makes a failure. The message says what is wrong, then the fix. */
export const failure = (code: SendFailureCode, message: string): SendFailure => ({ ok: false, code, message })

/** Whether a result is a failure: the one way to tell. Anything that is not a `SendFailure`, `undefined` for example, is none. */
export function isFailure(value: unknown): value is SendFailure {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}

/** What went wrong where no caller awaited a result: a refused lease, data that does not fit its schema. */
export interface OnlineMessageError extends Error {
  /** Why, for programs; `message` is for people. */
  readonly code: SendFailureCode
  /** Where it happened. */
  readonly conversation: Conversation
  /** The command of the message; `textInput` is typing. */
  readonly command: string
}

import type { Conversation } from './conversation.ts'
import type { SendFailure, SendFailureCode } from './message.ts'

/** Makes a failure. The message says what is wrong, then the fix. */
export const failure = (code: SendFailureCode, message: string): SendFailure => ({ ok: false, code, message })

/**
 * Whether a value is a `SendFailure`. This is the one way to find out.
 *
 * @param value anything: a value of another type is not a failure.
 */
export function isFailure(value: unknown): value is SendFailure {
  return typeof value === 'object' && value !== null && 'ok' in value && value.ok === false
}

/** A failure that no caller awaits: a refused lease or subscription, received data that does not fit its schema. */
export interface OnlineMessageError extends Error {
  /** The reason, for programs; `message` is for people. */
  readonly code: SendFailureCode
  /** Where it happened. */
  readonly conversation: Conversation
  /** The command of the message; `textInput` is typing. */
  readonly command: string
}

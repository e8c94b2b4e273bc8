import type { Conversation } from './conversation.ts'
import type { User } from './user.ts'

/** An online message as its receiver sees it. */
export interface OnlineMessage<Data = unknown> {
  /** One-to-one: `conversation.user` is the sender. */
  readonly conversation: Conversation
  /** What kind of message it is. */
  readonly command: string
  /** As the sender's app gave it, after a trip through JSON. Nobody has checked it on the way: see `schema`. */
  readonly data: Data
  /** Written by the trusted side, never by the sender (T3). */
  readonly from: User
}

/**
 * Who is shed first when a limit is reached: `low` before `normal` before `high`.
 */
export type Priority = 'high' | 'normal' | 'low'

/** Why a message was not accepted. */
export type SendFailureCode = 'offline' | 'aborted' | 'timeout' | 'forbidden' | 'rate-limited' | 'too-large' | 'invalid'

/** A message that was not accepted, with what is wrong and then what to do about it. */
export interface SendFailure {
  /** It was not accepted. */
  readonly ok: false
  /** Why, for programs. */
  readonly code: SendFailureCode
  /** Why, and the fix, for people. */
  readonly message: string
}

/** What became of a message. `ok` means that it was accepted; nobody needs to have been online. */
export type SendResult =
  | {
      /** Whether it was accepted. */
      readonly ok: true
      /** How many devices it was handed to, where the carrier tells. */
      readonly recipients?: number
    }
  | SendFailure

import type { Conversation } from './conversation.ts'
import type { User } from './user.ts'

/** An online message as its receiver sees it. */
export interface OnlineMessage<Data = unknown> {
  /** One-to-one: `conversation.user` is the sender. */
  readonly conversation: Conversation
  /** What kind of message it is. */
  readonly command: string
  /** What the sender's app sent, after a trip through JSON. Nobody has checked it on the way: see `schema`. */
  readonly data: Data
  /** The sender, written by the trusted side and never by the sender (T3). */
  readonly from: User
}

/** Which messages are dropped first when a rate limit is reached: `low` before `normal` before `high`. */
export type Priority = 'high' | 'normal' | 'low'

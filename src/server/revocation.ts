import type { Conversation } from '../core/message/conversation.ts'

/** Whose subscriptions and leases are to end: in one conversation and its threads, or in all of them. */
export interface Revocation {
  readonly user: string
  readonly conversation?: Conversation | undefined
}

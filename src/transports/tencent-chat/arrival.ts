import { DEFAULT_MAX_AGE } from '../../core/constants.ts'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import { CUSTOM, GROUP, ONE_TO_ONE } from './sdk.ts'

/** The service writes times in whole seconds: a message may be this much younger than it looks, in milliseconds. */
const ROUNDING = 999

/** A message that somebody else has sent, of whatever kind. */
export interface Arrival {
  /** The same when the SDK delivers the message a second time. */
  readonly id: unknown
  readonly conversation: Conversation
  /** Written by the service (T3). */
  readonly from: User
  /** What a custom message carries; `undefined` for any other. */
  readonly data: unknown
  readonly isStale: boolean
}

export interface ArrivalContext {
  /** The id of the user who is logged in. */
  readonly self: unknown
  /** The service's clock, in milliseconds since 1970. */
  readonly now: number
}

/** Parses one message of the SDK. Returns `undefined` for a malformed one, and for one's own from another device (T4). */
export function parseArrival(message: unknown, { self, now }: ArrivalContext): Arrival | undefined {
  const { ID, from, to, flow, conversationType, type, payload, nick, avatar, time, clientTime } = Object(
    message,
  ) as Record<string, unknown>
  if (flow !== 'in' || from === self) return undefined

  // Tencent sends empty strings for missing names and pictures.
  const user = parseUser({ id: from, name: nick || undefined, avatar: avatar || undefined })
  const conversation = parseConversation(placeOf({ conversationType, from, to }))
  if (!user || !conversation) return undefined

  return {
    id: ID,
    conversation,
    from: user,
    data: type === CUSTOM ? (Object(payload) as { readonly data?: unknown }).data : undefined,
    isStale: isStale(sentAtSecond(time, clientTime), now),
  }
}

function placeOf({ conversationType, from, to }: Record<'conversationType' | 'from' | 'to', unknown>): unknown {
  if (conversationType === GROUP) return { group: to }
  if (conversationType === ONE_TO_ONE) return { user: from }
  return undefined
}

/**
 * When a message was sent, in seconds since 1970; `undefined` if it does not say. What the SDK sends again after a
 * reconnect has a fresh `time`, and the `clientTime` of when it was made: the older of the two counts.
 */
function sentAtSecond(time: unknown, clientTime: unknown): number | undefined {
  if (typeof time !== 'number') return undefined
  return typeof clientTime === 'number' ? Math.min(time, clientTime) : time
}

/** A message without a time is stale: nobody knows that it is not. */
function isStale(sentAt: number | undefined, now: number): boolean {
  if (sentAt === undefined) return true
  const isFresh = now - sentAt * 1000 - ROUNDING <= DEFAULT_MAX_AGE
  return !isFresh
}

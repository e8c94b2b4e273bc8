import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { DEFAULT_MAX_AGE } from '../../core/constants.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import { CUSTOM, GROUP, ONE_TO_ONE } from './sdk.ts'

/** The service stamps in whole seconds: that much younger than it looks a message may be, in milliseconds. */
const ROUNDING = 999

/** A message somebody else has sent, of whatever kind. */
export interface Arrival {
  /** The same when it is delivered a second time. */
  readonly id: unknown
  readonly conversation: Conversation
  /** Written by the service (T3). */
  readonly from: User
  /** What a custom message carries; undefined in any other. */
  readonly data: unknown
  readonly isLate: boolean
}

/**
 * Reads one message of the SDK. Undefined when it is none, or one's own from another device (T4).
 *
 * @param self who is logged in.
 * @param now the service's clock, in milliseconds since 1970.
 */
export function readArrival(message: unknown, self: unknown, now: number): Arrival | undefined {
  const { ID, from, to, flow, conversationType, type, payload, nick, avatar, time, clientTime } = Object(
    message,
  ) as Record<string, unknown>
  if (flow !== 'in' || from === self) return undefined
  // Who has no name or picture there has an empty one.
  const user = parseUser({ id: from, name: nick || undefined, avatar: avatar || undefined })
  const conversation = parseConversation(
    conversationType === GROUP ? { group: to } : conversationType === ONE_TO_ONE ? { user: from } : undefined,
  )
  if (!user || !conversation) return undefined
  // What the SDK sends again after a reconnect has a fresh `time`, and the `clientTime` of when it was made.
  const sent = typeof time === 'number' ? Math.min(time, typeof clientTime === 'number' ? clientTime : time) : NaN
  return {
    id: ID,
    conversation,
    from: user,
    data: type === CUSTOM ? (Object(payload) as { data?: unknown }).data : undefined,
    // What has no time is not known to be young.
    isLate: !(now - sent * 1000 - ROUNDING <= DEFAULT_MAX_AGE),
  }
}

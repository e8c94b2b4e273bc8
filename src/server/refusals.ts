/** The server's refusals: what they say, and how they are counted. */
import type { Conversation } from '../core/message/conversation.ts'
import { failure } from '../core/message/failure.ts'
import type { SendFailure } from '../core/message/send-result.ts'
import { REFUSED } from '../core/transport/wire.ts'
import { serverNow } from './clock.ts'
import type { Frame, FrameMaker } from './connections/frame.ts'
import type { Log } from './debug.ts'
import { type Counters, dropReason } from './stats.ts'

/** Most conversations to which one device may be subscribed: it bounds what a client can make the server remember. */
export const MAX_SUBSCRIPTIONS = 1000

/** Most questions about subscriptions of one device that `authorize` has not answered yet, for the same reason. */
export const MAX_QUESTIONS = 1000

/** Most conversations in one list, so that a small packet does not cause very much work and very many answers. */
export const MAX_LIST = 10_000

/** Most conversations in which one device may type at once, for the same reason. */
export const MAX_TYPING = 100

export const subscribingForbidden: SendFailure = failure(
  'forbidden',
  'You may not subscribe to this conversation: authorize denied it. Ask for access first.',
)
export const sendingForbidden: SendFailure = failure(
  'forbidden',
  'You may not send to this conversation: authorize denied it. Ask for access first.',
)
export const subscriptionRevoked: SendFailure = failure(
  'forbidden',
  'The server has revoked your access to this conversation. Ask for access again.',
)
export const tooManySubscriptions: SendFailure = failure(
  'rate-limited',
  `This connection is subscribed to ${MAX_SUBSCRIPTIONS} conversations already. Unsubscribe from some first.`,
)
export const tooManyLeases: SendFailure = failure(
  'rate-limited',
  `This connection types in ${MAX_TYPING} conversations already. Stop typing in some first.`,
)
export const identityChanged: SendFailure = failure(
  'forbidden',
  'This connection has another user now than when this was sent. Say hello again, and send it again if it still matters.',
)
export const groupTooFast: SendFailure = failure(
  'rate-limited',
  'Too many messages arrived in this group just now. Send fewer, or wait a second.',
)
export const connectionTooFast: SendFailure = failure(
  'rate-limited',
  'Too many messages arrived from this connection just now. Send fewer, or wait a second.',
)

export const listTooLong = (length: number): SendFailure =>
  failure('invalid', `The list has ${length} conversations. Give at most ${MAX_LIST} in one list.`)

/** @param maxAge in milliseconds. */
export const expired = (maxAge: number): SendFailure =>
  failure(
    'timeout',
    `The message was older than ${maxAge} ms on arrival, so it was dropped. Send it again if it still matters.`,
  )

/** The event that says why a device is not subscribed to a conversation. */
export function refusedFrame(makeFrame: FrameMaker, conversation: Conversation, reason: SendFailure): Frame {
  const at = serverNow()
  // It stays true however long it waits to be written, until the next one about the same conversation.
  const replaces = `${REFUSED} ${JSON.stringify(conversation)}`
  return makeFrame(at, [REFUSED, Math.round(at), conversation, reason], replaces)
}

/** Counts a refusal, logs it, and returns it, so that it can be sent as the answer. */
export type Refuse = (refusal: SendFailure, user: string | undefined, conversation?: Conversation) => SendFailure

/**
 * @param what is refused, for the log.
 */
export function createRefuse(counters: Counters, log: Log, what: string): Refuse {
  const event = `${what} refused`
  return (refusal, user, conversation) => {
    const reason = dropReason(refusal.code)
    counters.dropped[reason]++
    log({ event, reason, user, conversation })
    return refusal
  }
}

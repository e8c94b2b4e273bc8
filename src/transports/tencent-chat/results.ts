import { failure } from '../../core/message/failure.ts'
import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import type { SendFailure, SendFailureCode } from '../../core/message/message.ts'

export const offline: SendFailure = failure('offline', 'Not connected to Tencent Chat: send when online.')

export const broken: SendFailure = failure(
  'offline',
  'The connection to Tencent Chat broke before the answer: the message may or may not have arrived.',
)

export const noAnswer: SendFailure = failure(
  'timeout',
  `No answer from Tencent Chat in ${ANSWER_TIMEOUT / 1000} s: the message may or may not have arrived.`,
)

/**
 * The SDK's and the service's codes; their own messages are often empty.
 * See https://trtc.io/document/34348 (error codes).
 */
const REFUSALS: readonly (readonly [SendFailureCode, says: string, codes: readonly number[]])[] = [
  ['invalid', 'No such user: import the account, or let them log in once.', [20003]],
  ['invalid', 'No such group: check its id, and that it has not been disbanded.', [2603, 10010, 10015]],
  ['invalid', 'The service cannot read the message: check the ids of its user or group.', [10004, 20001]],
  ['invalid', "The SDK lacks the module for groups: pass 'group-module' to create().", [2998]],
  ['forbidden', 'Your own backend refused it, in its callback before sending.', [10016, 20006]],
  ['forbidden', 'One of the two has blocked the other: unblock to write again.', [20007]],
  ['forbidden', 'Only friends may write here: add each other, or change it in the console.', [20009, 20010, 20011]],
  ['forbidden', 'The sender is muted: wait until it is over.', [10017, 20012]],
  ['forbidden', 'Not allowed in this group: join it first.', [10007]],
  ['forbidden', 'Its content was refused: send other words.', [3123, 80001, 80004]],
  ['rate-limited', 'Too many at once: send fewer, at most 40 a second in a group.', [2996, 10023, 60022]],
  ['too-large', 'Too large for Tencent Chat: send at most 12 KB.', [80002]],
  ['timeout', noAnswer.message, [2801]],
  ['offline', offline.message, [2800, 2805]],
  ['offline', 'Nobody is logged in to Tencent Chat: log in, and wait for SDK_READY.', [2024, 2999, 3000, 3001, 3005]],
  ['offline', 'Logged out of Tencent Chat by the service: log in again.', [3002, 3003, 3004, 3006]],
]

const BY_CODE = new Map(
  REFUSALS.flatMap(([code, says, codes]) =>
    codes.map((number) => [number, failure(code, `${says} (Tencent Chat ${number})`)]),
  ),
)

/** Why a message was not accepted: what `sendMessage` rejects with, or `createCustomMessage` throws. */
export function refused(error: unknown): SendFailure {
  const { code, message } = Object(error) as { code?: unknown; message?: unknown }
  const says = typeof message === 'string' && message ? `: ${message}` : ''
  if (typeof code !== 'number') return failure('invalid', `The SDK does not take the message${says}. Check its ids.`)
  return (
    BY_CODE.get(code) ??
    failure('forbidden', `Tencent Chat refused it with ${code}${says}. Look it up among its error codes.`)
  )
}

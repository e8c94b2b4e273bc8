import { failure } from '../../core/message/failure.ts'
import { ANSWER_TIMEOUT } from '../../core/constants.ts'
import type { SendFailure, SendFailureCode } from '../../core/message/send-result.ts'

export const offline: SendFailure = failure('offline', 'Not connected to Tencent Chat: send when online.')

export const broken: SendFailure = failure(
  'offline',
  'The connection to Tencent Chat broke before the answer: the message may or may not have arrived.',
)

export const noAnswer: SendFailure = failure(
  'timeout',
  `No answer from Tencent Chat in ${ANSWER_TIMEOUT / 1000} s: the message may or may not have arrived.`,
)

/** Why Tencent Chat refuses a message. */
interface Refusal {
  readonly code: SendFailureCode
  /** What is wrong, then the fix. */
  readonly text: string
  /** The error codes of the SDK and of the service that mean it: https://trtc.io/document/34348. */
  readonly numbers: readonly number[]
}

/** In words of our own: those of the SDK and of the service are often empty. */
const REFUSALS: readonly Refusal[] = [
  { code: 'invalid', text: 'No such user: import the account, or let them log in once.', numbers: [20003] },
  {
    code: 'invalid',
    text: 'No such group: check its id, and that it has not been disbanded.',
    numbers: [2603, 10010, 10015],
  },
  {
    code: 'invalid',
    text: 'The service cannot read the message: check the ids of its user or group.',
    numbers: [10004, 20001],
  },
  { code: 'invalid', text: "The SDK lacks the module for groups: pass 'group-module' to create().", numbers: [2998] },
  { code: 'forbidden', text: 'Your own backend refused it, in its callback before sending.', numbers: [10016, 20006] },
  { code: 'forbidden', text: 'One of the two has blocked the other: unblock to write again.', numbers: [20007] },
  {
    code: 'forbidden',
    text: 'Only friends may write here: add each other, or change it in the console.',
    numbers: [20009, 20010, 20011],
  },
  { code: 'forbidden', text: 'The sender is muted: wait until it is over.', numbers: [10017, 20012] },
  { code: 'forbidden', text: 'Not allowed in this group: join it first.', numbers: [10007] },
  { code: 'forbidden', text: 'Its content was refused: send other words.', numbers: [3123, 80001, 80004] },
  {
    code: 'rate-limited',
    text: 'Too many at once: send fewer, at most 40 a second in a group.',
    numbers: [2996, 10023, 60022],
  },
  { code: 'too-large', text: 'Too large for Tencent Chat: send at most 12 KB.', numbers: [80002] },
  { code: 'timeout', text: noAnswer.message, numbers: [2801] },
  { code: 'offline', text: offline.message, numbers: [2800, 2805] },
  {
    code: 'offline',
    text: 'Nobody is logged in to Tencent Chat: log in, and wait for SDK_READY.',
    numbers: [2024, 2999, 3000, 3001, 3005],
  },
  {
    code: 'offline',
    text: 'Logged out of Tencent Chat by the service: log in again.',
    numbers: [3002, 3003, 3004, 3006],
  },
]

const FAILURES: ReadonlyMap<number, SendFailure> = new Map(
  REFUSALS.flatMap(({ code, text, numbers }) =>
    numbers.map((number) => [number, failure(code, `${text} (Tencent Chat ${number})`)]),
  ),
)

/** Why a message was not accepted: what `sendMessage` rejects with, or `createCustomMessage` throws. */
export function refusalOf(error: unknown): SendFailure {
  const { code, message } = Object(error) as { readonly code?: unknown; readonly message?: unknown }
  const details = typeof message === 'string' && message ? `: ${message}` : ''
  if (typeof code !== 'number') return failure('invalid', `The SDK does not take the message${details}. Check its ids.`)
  const known = FAILURES.get(code)
  if (known) return known
  return failure('forbidden', `Tencent Chat refused it with ${code}${details}. Look it up among its error codes.`)
}

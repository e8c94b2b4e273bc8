/**
 * Reads what a client's events carry. All of it is hostile until it has been here; a failure says what is wrong with it,
 * then the fix.
 */
import { MAX_COMMAND_LENGTH } from '../../core/constants.ts'
import { isCommand, TYPING_COMMAND } from '../../core/message/commands.ts'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { failure } from '../../core/message/failure.ts'
import type { Priority, SendFailure } from '../../core/message/message.ts'
import { type Activity, parseActivity } from '../../core/typing/typing.ts'
import { LEASE } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import type { CheckedMessage } from '../messages.ts'

/** A lease of typing that has been read and checked. */
export interface CheckedLease {
  /** When it was taken, by the server's clock. */
  readonly at: number
  /** In milliseconds; 0 gives the lease back. */
  readonly ttl: number
  readonly activity: Activity
  readonly conversation: Conversation
}

export const badConversation: SendFailure = failure(
  'invalid',
  'conversation: give { user } or { group }, and perhaps a thread, strings of 1 to 256.',
)
const badCommand = failure(
  'invalid',
  `command: give a string of 1 to ${MAX_COMMAND_LENGTH}; ${TYPING_COMMAND} is sent as ${LEASE}.`,
)
const badData = failure('invalid', 'data: give a string, with whatever is in it as JSON.')
const badStamp = failure('invalid', "stamp: give the server's time as a number, in milliseconds.")
const badLease = failure('invalid', 'ttl: give a number of milliseconds, 0 to give the lease back.')

/** A stamp from the future would outlive `maxAge`: it counts as now. */
const readStamp = (value: unknown): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(value, serverNow()) : undefined

/** Reads the arguments of a message. */
export function readMessage(args: readonly unknown[], maxBytes: number): CheckedMessage | SendFailure {
  const [stamp, command, data, where, priority] = args
  const at = readStamp(stamp)
  if (at === undefined) return badStamp
  if (!isCommand(command) || command === TYPING_COMMAND) return badCommand
  if (typeof data !== 'string') return badData
  const bytes = Buffer.byteLength(data)
  if (bytes > maxBytes) return failure('too-large', `data has ${bytes} bytes: send at most ${maxBytes}.`)
  const conversation = parseConversation(where)
  return conversation ? { at, command, data, conversation, priority: readPriority(priority) } : badConversation
}

const readPriority = (value: unknown): Priority => (value === 'high' || value === 'low' ? value : 'normal')

/** Reads the arguments of a lease. */
export function readLease(args: readonly unknown[]): CheckedLease | SendFailure {
  const [stamp, ttl, activity, where] = args
  const conversation = parseConversation(where)
  if (!conversation) return badConversation
  const at = readStamp(stamp)
  if (at === undefined) return badStamp
  if (typeof ttl !== 'number' || !(ttl >= 0)) return badLease
  return { at, ttl, activity: parseActivity(activity), conversation }
}

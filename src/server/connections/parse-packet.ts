/**
 * Parses what a client's events carry: PROTOCOL.md, "Client to server". All of it is hostile until it has been here. A
 * failure says what is wrong with it, then the fix.
 */
import { isCommand, TYPING_COMMAND } from '../../core/message/commands.ts'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { failure } from '../../core/message/failure.ts'
import type { Priority } from '../../core/message/message.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { dataTooLarge, invalidCommand, invalidConversation } from '../../core/message/validation-failures.ts'
import { LEASE } from '../../core/transport/wire.ts'
import { parseActivity } from '../../core/typing/typing.ts'
import type { CheckedLease, CheckedMessage } from '../messages.ts'

const reservedCommand = failure(
  'invalid',
  `The command ${TYPING_COMMAND} is reserved for typing. Send ${LEASE} instead.`,
)
const invalidData = failure('invalid', 'The data is invalid. Give a string that holds the data as JSON.')
const invalidTime = failure('invalid', "The time is invalid. Give the server's time as a number of milliseconds.")
const invalidTtl = failure('invalid', 'The ttl is invalid. Give a number of milliseconds; 0 releases the lease.')

/** The time at which a packet was sent. One from the future would outlive `maxAge`, so it counts as now. */
const parseTime = (value: unknown, now: number): number | undefined =>
  typeof value === 'number' && Number.isFinite(value) ? Math.min(value, now) : undefined

const parsePriority = (value: unknown): Priority => (value === 'high' || value === 'low' ? value : 'normal')

/** Parses the arguments of a message. */
export function parseMessagePacket(
  args: readonly unknown[],
  maxBytes: number,
  now: number,
): CheckedMessage | SendFailure {
  const [time, command, data, where, priority] = args
  const at = parseTime(time, now)
  if (at === undefined) return invalidTime
  if (!isCommand(command)) return invalidCommand
  if (command === TYPING_COMMAND) return reservedCommand
  if (typeof data !== 'string') return invalidData
  const bytes = Buffer.byteLength(data)
  if (bytes > maxBytes) return dataTooLarge(bytes, maxBytes)
  const conversation = parseConversation(where)
  if (!conversation) return invalidConversation
  return { at, command, data, conversation, priority: parsePriority(priority) }
}

/** Parses the arguments of a lease. */
export function parseLeasePacket(args: readonly unknown[], now: number): CheckedLease | SendFailure {
  const [time, ttl, activity, where] = args
  const conversation = parseConversation(where)
  if (!conversation) return invalidConversation
  const at = parseTime(time, now)
  if (at === undefined) return invalidTime
  if (typeof ttl !== 'number' || !(ttl >= 0)) return invalidTtl
  return { at, ttl, activity: parseActivity(activity), conversation }
}

/** A list of conversations, without the items that are not conversations. */
export interface ParsedConversations {
  readonly conversations: readonly Conversation[]
  readonly invalidCount: number
}

/** Parses a list of conversations. What is not a list counts as one invalid conversation. */
export function parseConversations(list: unknown): ParsedConversations {
  if (!Array.isArray(list)) return { conversations: [], invalidCount: 1 }
  const items = list as readonly unknown[]
  const conversations = items.map(parseConversation).filter((conversation) => conversation !== undefined)
  return { conversations, invalidCount: items.length - conversations.length }
}

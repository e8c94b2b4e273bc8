import { isCommand } from '../../core/message/commands.ts'
import { parseConversation } from '../../core/message/conversation.ts'
import { parseUser } from '../../core/message/user.ts'
import { parseActivity } from '../../core/typing/typing.ts'
import type {
  ActiveDeviceClaim,
  BusMessage,
  ClockAnswer,
  PublishedLease,
  PublishedLeases,
  PublishedMessage,
  RecipientCount,
  ReidentificationNotice,
  RevocationNotice,
} from './bus-message.ts'

/** Version of what nodes publish to each other. Messages of another version are ignored. */
const VERSION = 2

const MAX_NODE_ID_LENGTH = 64

/** The longest data, in UTF-16 code units. `maxBytes` allows no longer one. */
const MAX_DATA_LENGTH = 1_000_000

/** Most leases of one message. */
export const MAX_LEASES = 100

/** One message on the bus, with what every message needs. */
export interface Envelope<Message = BusMessage> {
  /** The id of the node that sent it. */
  readonly node: string
  /** Each node numbers its messages from 1, over all channels. */
  readonly number: number
  /** By the clock of the node that sent it. */
  readonly sentAt: number
  readonly message: Message
}

/**
 * The text of a message: a JSON array of version, node, number, time, kind and values. The data of an online message is
 * JSON already, and stands after a newline, which JSON without line breaks never contains. So no node encodes it twice
 * or decodes it.
 */
export function encode({ node, number, sentAt, message }: Envelope): string {
  const header = JSON.stringify([VERSION, node, number, roundTime(sentAt), ...encodeMessage(message)])
  return message.kind === 'message' ? `${header}\n${message.data}` : header
}

/** A hundredth of a millisecond is more exact than any error bound between two nodes. */
export const roundTime = (time: number): number => Math.round(time * 100) / 100

/**
 * Reads a text from the bus. Every value is checked, because another version may run on the other node.
 *
 * @returns `undefined` for a text that is no message of this version, or has a wrong value.
 */
export function parse(text: string): Envelope | undefined {
  const end = text.indexOf('\n')
  const header = parseJson(end < 0 ? text : text.slice(0, end))
  const [version, node, number, sentAt, kind, ...values] = asArray(header)
  if (version !== VERSION || typeof node !== 'string' || node === '' || node.length > MAX_NODE_ID_LENGTH)
    return undefined
  if (!isCount(number) || !isTime(sentAt)) return undefined
  const data = end < 0 ? undefined : text.slice(end + 1)
  const message = parseMessage(kind, values, data)
  return message && { node, number, sentAt, message }
}

function encodeMessage(message: BusMessage): readonly unknown[] {
  const { kind } = message
  switch (kind) {
    case 'message':
      return [kind, message.countId, roundTime(message.age), message.user, message.command]
    case 'recipients':
      return [kind, message.countId, message.recipients]
    case 'leases':
      return [kind, message.channel, message.leases.map(encodeLease)]
    case 'question':
    case 'clock-question':
      return [kind]
    case 'clock-answer':
      return [kind, message.askedAt]
    case 'active-device':
      return [kind, message.number, roundTime(message.activeAt)]
    case 'revocation':
      return [kind, roundTime(message.at), message.user, message.conversation ?? null]
    case 'reidentification':
      return [kind, roundTime(message.at), message.user]
  }
}

function encodeLease({ device, user, session }: PublishedLease): readonly unknown[] {
  return session ? [device, user, session.activity, session.since] : [device, user]
}

function parseMessage(kind: unknown, values: readonly unknown[], data: string | undefined): BusMessage | undefined {
  switch (kind) {
    case 'message':
      return parsePublishedMessage(values, data)
    case 'recipients':
      return parseRecipientCount(values)
    case 'leases':
      return parseLeases(values)
    case 'question':
      return { kind: 'question' }
    case 'clock-question':
      return { kind: 'clock-question' }
    case 'clock-answer':
      return parseClockAnswer(values)
    case 'active-device':
      return parseActiveDeviceClaim(values)
    case 'revocation':
      return parseRevocationNotice(values)
    case 'reidentification':
      return parseReidentificationNotice(values)
    default:
      return undefined
  }
}

function parsePublishedMessage(
  [countId, age, from, command]: readonly unknown[],
  data: string | undefined,
): PublishedMessage | undefined {
  const user = parseUser(from)
  if (!isCount(countId) || !isTime(age) || age < 0 || !user || !isCommand(command)) return undefined
  if (data === undefined || data.length > MAX_DATA_LENGTH) return undefined
  return { kind: 'message', countId, age, user, command, data }
}

function parseRecipientCount([countId, recipients]: readonly unknown[]): RecipientCount | undefined {
  if (!isCount(countId) || !isCount(recipients)) return undefined
  return { kind: 'recipients', countId, recipients }
}

function parseLeases([channel, list]: readonly unknown[]): PublishedLeases | undefined {
  if (typeof channel !== 'string' || !Array.isArray(list) || list.length > MAX_LEASES) return undefined
  const leases = list.map((item) => parseLease(asArray(item))).filter((lease) => lease !== undefined)
  return { kind: 'leases', channel, leases }
}

function parseLease([device, from, activity, since]: readonly unknown[]): PublishedLease | undefined {
  const user = parseUser(from)
  if (!user || !isCount(device)) return undefined
  if (activity === undefined) return { device, user, session: undefined }
  if (typeof activity !== 'string' || !isTime(since)) return undefined
  return { device, user, session: { activity: parseActivity(activity), since } }
}

function parseClockAnswer([askedAt]: readonly unknown[]): ClockAnswer | undefined {
  return isTime(askedAt) ? { kind: 'clock-answer', askedAt } : undefined
}

function parseActiveDeviceClaim([number, activeAt]: readonly unknown[]): ActiveDeviceClaim | undefined {
  if (!isCount(number) || !isTime(activeAt)) return undefined
  return { kind: 'active-device', number, activeAt }
}

function parseRevocationNotice([at, user, where]: readonly unknown[]): RevocationNotice | undefined {
  const conversation = parseConversation(where)
  if (!isTime(at) || typeof user !== 'string' || (where !== null && !conversation)) return undefined
  return { kind: 'revocation', at, user, conversation }
}

function parseReidentificationNotice([at, user]: readonly unknown[]): ReidentificationNotice | undefined {
  if (!isTime(at) || typeof user !== 'string') return undefined
  return { kind: 'reidentification', at, user }
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text)
  } catch {
    return undefined
  }
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

/** Times and ages. A larger one would become infinite when it is rounded, and JSON has no such number. */
const isTime = (value: unknown): value is number =>
  typeof value === 'number' && Math.abs(value) <= Number.MAX_SAFE_INTEGER

const isCount = (value: unknown): value is number => Number.isSafeInteger(value) && (value as number) >= 0

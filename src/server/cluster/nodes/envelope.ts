import { isCommand } from '../../../core/message/commands.ts'
import { parseConversation } from '../../../core/message/conversation.ts'
import { parseUser } from '../../../core/message/user.ts'
import { parseActivity } from '../../../core/typing/typing.ts'
import type {
  ActiveDeviceClaim,
  BusMessage,
  Echo,
  Heartbeat,
  LeaseChange,
  PublishedMessage,
  RecipientCount,
  ReidentificationNotice,
  RevocationNotice,
  Snapshot,
  SnapshotEntry,
} from './bus-message.ts'

/** Version of what nodes publish to each other. Packets of another version are ignored. */
const VERSION = 1

const MAX_NODE_ID_LENGTH = 64

/** The longest data, in UTF-16 code units. `maxBytes` allows no longer one. */
const MAX_DATA_LENGTH = 1_000_000

/** One message on the bus, with what every message needs. */
export interface Envelope<Message = BusMessage> {
  /** The id of the node that sent it. */
  readonly node: string
  /** Each node numbers its messages from 1. */
  readonly number: number
  /** By the clock of the node that sent it. */
  readonly sentAt: number
  readonly message: Message
}

/** A packet for the bus: version, node, number, time, kind, and then the values of the message. */
export const encode = ({ node, number, sentAt, message }: Envelope): readonly unknown[] => [
  VERSION,
  node,
  number,
  sentAt,
  ...encodeMessage(message),
]

/**
 * Reads a packet from the bus. Every value is checked, because another version may run on the other node.
 *
 * @returns `undefined` for a packet that is no envelope. The message is `undefined` if this version does not know its
 *   kind, or if it has a wrong value; its number counts all the same.
 */
export function parse(packet: readonly unknown[]): Envelope<BusMessage | undefined> | undefined {
  const [version, node, number, sentAt, kind, ...values] = packet
  if (version !== VERSION || typeof node !== 'string' || node.length > MAX_NODE_ID_LENGTH) return undefined
  if (!isNumber(number) || !Number.isSafeInteger(number) || !isNumber(sentAt) || typeof kind !== 'string')
    return undefined
  return { node, number, sentAt, message: parseMessage(kind, values) }
}

function encodeMessage(message: BusMessage): readonly unknown[] {
  const { kind } = message
  switch (kind) {
    case 'heartbeat': {
      const echoes = message.echoes.map(({ node, sentAt, heldFor }) => [node, sentAt, heldFor])
      return [kind, message.snapshotRequests, echoes]
    }
    case 'leave':
      return [kind]
    case 'snapshot':
      return [kind, message.chunk, message.chunks, message.entries.map(encodeMessage)]
    case 'message':
      return [kind, message.countId, message.at, message.user, message.conversation, message.command, message.data]
    case 'recipients':
      return [kind, message.node, message.countId, message.recipients]
    case 'lease': {
      const { device, user, conversation, session } = message
      return [kind, device, user, conversation, session?.activity ?? '', session?.since ?? 0]
    }
    case 'active-device':
      return [kind, message.receiver, message.conversation, message.lastActiveAt, message.isAnswer]
    case 'revocation':
      return [kind, message.at, message.user, message.conversation ?? null]
    case 'reidentification':
      return [kind, message.at, message.user]
  }
}

function parseMessage(kind: unknown, values: readonly unknown[]): BusMessage | undefined {
  switch (kind) {
    case 'heartbeat':
      return parseHeartbeat(values)
    case 'leave':
      return { kind }
    case 'snapshot':
      return parseSnapshot(values)
    case 'message':
      return parsePublishedMessage(values)
    case 'recipients':
      return parseRecipientCount(values)
    default:
      return parseSnapshotEntry(kind, values)
  }
}

function parseSnapshotEntry(kind: unknown, values: readonly unknown[]): SnapshotEntry | undefined {
  switch (kind) {
    case 'lease':
      return parseLeaseChange(values)
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

function parseHeartbeat([requests, echoes]: readonly unknown[]): Heartbeat {
  return {
    kind: 'heartbeat',
    snapshotRequests: asArray(requests).filter((id) => typeof id === 'string'),
    echoes: asArray(echoes)
      .map(parseEcho)
      .filter((echo) => echo !== undefined),
  }
}

function parseEcho(value: unknown): Echo | undefined {
  const [node, sentAt, heldFor] = asArray(value)
  if (typeof node !== 'string' || !isNumber(sentAt) || !isNumber(heldFor)) return undefined
  return { node, sentAt, heldFor }
}

function parseSnapshot([chunk, chunks, list]: readonly unknown[]): Snapshot | undefined {
  if (!isNumber(chunk) || !isNumber(chunks) || !Array.isArray(list)) return undefined
  const entries = list
    .map((entry) => {
      const [kind, ...values] = asArray(entry)
      return parseSnapshotEntry(kind, values)
    })
    .filter((entry) => entry !== undefined)
  return { kind: 'snapshot', chunk, chunks, entries }
}

function parsePublishedMessage(values: readonly unknown[]): PublishedMessage | undefined {
  const [countId, at, from, where, command, data] = values
  const user = parseUser(from)
  const conversation = parseConversation(where)
  if (!isNumber(countId) || !isNumber(at) || !user || !conversation || !isCommand(command)) return undefined
  if (typeof data !== 'string' || data.length > MAX_DATA_LENGTH) return undefined
  return { kind: 'message', countId, at, user, conversation, command, data }
}

function parseRecipientCount([node, countId, recipients]: readonly unknown[]): RecipientCount | undefined {
  if (typeof node !== 'string' || !isNumber(countId) || !isNumber(recipients)) return undefined
  if (!Number.isSafeInteger(recipients) || recipients < 0) return undefined
  return { kind: 'recipients', node, countId, recipients }
}

function parseLeaseChange([device, from, where, activity, since]: readonly unknown[]): LeaseChange | undefined {
  const user = parseUser(from)
  const conversation = parseConversation(where)
  if (!user || !conversation || !isNumber(device) || typeof activity !== 'string') return undefined
  if (activity === '') return { kind: 'lease', device, user, conversation, session: undefined }
  if (!isNumber(since)) return undefined
  return { kind: 'lease', device, user, conversation, session: { activity: parseActivity(activity), since } }
}

function parseActiveDeviceClaim(values: readonly unknown[]): ActiveDeviceClaim | undefined {
  const [receiver, where, lastActiveAt, isAnswer] = values
  const conversation = parseConversation(where)
  if (typeof receiver !== 'string' || !conversation || !isNumber(lastActiveAt)) return undefined
  return { kind: 'active-device', receiver, conversation, lastActiveAt, isAnswer: isAnswer === true }
}

function parseRevocationNotice([at, user, where]: readonly unknown[]): RevocationNotice | undefined {
  const conversation = parseConversation(where)
  if (!isNumber(at) || typeof user !== 'string' || (where !== null && !conversation)) return undefined
  return { kind: 'revocation', at, user, conversation }
}

function parseReidentificationNotice([at, user]: readonly unknown[]): ReidentificationNotice | undefined {
  if (!isNumber(at) || typeof user !== 'string') return undefined
  return { kind: 'reidentification', at, user }
}

const asArray = (value: unknown): readonly unknown[] => (Array.isArray(value) ? value : [])

const isNumber = (value: unknown): value is number => typeof value === 'number' && Number.isFinite(value)

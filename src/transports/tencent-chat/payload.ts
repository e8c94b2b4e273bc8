/**
 * What a custom message carries in `payload.data`, a string that apps on every platform see:
 *
 * - typing, as Tencent's UI kits send it: `{"businessID":"user_typing_status","typingStatus":1,…}`
 * - typing, as the oldest demo apps send it: `{"version":1,"userAction":14,"actionParam":"EIMAMSG_InputStatus_Ing"}`
 * - typing, as the documents have it: `{"command":"textInput"}`
 * - everything else: `{"businessID":"online_message","version":1,"command":"reaction","data":…,"thread":"…"}`
 *
 * Typing that is sent from here has the lease in a field `typing`, which the kits ignore, so that activities and sessions
 * reach this library. Typing in a thread is sent in the third form, with `typing` instead of a command: in the first two
 * the kits would show it in the conversation itself.
 */
import { isCommand, TYPING_COMMAND } from '../../core/message/commands.ts'
import { decodeData } from '../../core/message/json.ts'
import { failure } from '../../core/message/failure.ts'
import { LEASE_GRACE } from '../../core/constants.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import { utf8Length } from '../../core/message/utf8-length.ts'
import { parseLease, type TypingLease } from '../../core/typing/typing.ts'

/** Which form typing is sent in. Both are read. */
export type TypingForm = 'tuikit' | 'textInput'

/** The content of a message. */
export interface Content {
  readonly command: string
  /** A `TypingLease` if the command is that of typing. Its `since` is 0 if a kit has sent it. */
  readonly data: unknown
  /** As it came: nobody has checked it. */
  readonly thread?: unknown
}

/** Most bytes the service takes in one message: 12 KB. */
export const MAX_BYTES: number = 12 * 1024

/** The kits renew every 4 to 5 s, in milliseconds. */
const KIT_HEARTBEAT = 5000

const OURS = { businessID: 'online_message', version: 1 }
const TUIKIT = 'user_typing_status'
const ING = 'EIMAMSG_InputStatus_Ing'
const END = 'EIMAMSG_InputStatus_End'
/** What the documents' samples for Flutter and Unity send instead of JSON. */
const BARE_TEXTS = ['正在输入中', 'Typing...']

/** Typing that is to be written. */
export interface OutgoingTyping {
  readonly form: TypingForm
  /** `ttl: 0` releases it. */
  readonly lease: TypingLease
  readonly thread: string | undefined
}

/** Writes typing. */
export function writeTyping({ form, lease, thread }: OutgoingTyping): string {
  const isStart = lease.ttl > 0
  // The documents know no end, and their readers would take one that says `textInput` for a start.
  const needsOwnForm = thread !== undefined || (form === 'textInput' && !isStart)
  if (needsOwnForm) return JSON.stringify({ ...OURS, typing: lease, thread })
  if (form === 'textInput') return JSON.stringify({ command: TYPING_COMMAND, typing: lease })
  return JSON.stringify({
    businessID: TUIKIT,
    typingStatus: isStart ? 1 : 0,
    version: 1,
    // 0 in an end: Tencent's own web kits would take it for a start otherwise.
    userAction: isStart ? 14 : 0,
    actionParam: isStart ? ING : END,
    typing: lease,
  })
}

/** Any other command that is to be written. */
export interface OutgoingCommand {
  readonly command: string
  /** As `encodeData` wrote it. */
  readonly data: string
  readonly thread: string | undefined
}

/** Writes any other command. */
export function writeCommand({ command, data, thread }: OutgoingCommand): string | SendFailure {
  const envelope = JSON.stringify({ ...OURS, command, thread })
  // The data is JSON already: it takes the place of the closing brace.
  const text = data ? `${envelope.slice(0, -1)},"data":${data}}` : envelope
  const bytes = utf8Length(text)
  if (bytes <= MAX_BYTES) return text
  return failure('too-large', `The message has ${bytes} bytes with its command: send at most ${MAX_BYTES}.`)
}

/**
 * Kits disagree about an end of typing: on iOS and in Flutter `userAction` stays that of a start, in WeChat `typingStatus`
 * does. Read in this order, the fields of each kit are understood.
 */
function isKitStart({ actionParam, typingStatus, userAction }: Record<string, unknown>): boolean {
  if (actionParam === ING) return true
  if (actionParam === END) return false
  if (typingStatus === 1) return true
  return typingStatus !== 0 && userAction === 14
}

/** The oldest demo apps say what it is by `userAction` and `actionParam` alone. */
const isOldestDemo = ({ businessID, userAction, actionParam }: Record<string, unknown>): boolean =>
  businessID === undefined && typeof userAction === 'number' && (actionParam === ING || actionParam === END)

/** The content of typing: with the lease that came beside it, or with one for a kit, which sends none. */
function typingContent(isStart: boolean, typing: unknown, thread?: unknown): Content {
  const lease = parseLease(typing)
  const startTtl = lease.ttl > 0 ? lease.ttl : KIT_HEARTBEAT + LEASE_GRACE
  return { command: TYPING_COMMAND, data: { ...lease, ttl: isStart ? startTtl : 0 }, thread }
}

/** Parses what anybody has sent. Returns `undefined` when it is neither typing nor a command of this library. */
export function parseContent(text: unknown): Content | undefined {
  if (typeof text !== 'string' || text.length > MAX_BYTES) return undefined
  if (BARE_TEXTS.includes(text)) return typingContent(true, undefined)

  const value = Object(decodeData(text)) as Record<string, unknown>
  const { businessID, command, data, typing, thread } = value
  if (businessID === TUIKIT || isOldestDemo(value)) return typingContent(isKitStart(value), typing)
  if (businessID !== OURS.businessID) {
    return command === TYPING_COMMAND ? typingContent(true, typing) : undefined
  }
  if (typing) return typingContent(parseLease(typing).ttl > 0, typing, thread)
  // `textInput` is reserved: typing has forms of its own.
  return isCommand(command) && command !== TYPING_COMMAND ? { command, data, thread } : undefined
}

/**
 * What a custom message carries in `payload.data`, a string that apps on every platform see:
 *
 * - typing, as Tencent's UI kits send it: `{"businessID":"user_typing_status","typingStatus":1,…}`
 * - typing, as the documents have it: `{"command":"textInput"}`
 * - everything else: `{"businessID":"online_message","version":1,"command":"reaction","data":…,"thread":"…"}`
 *
 * Typing sent from here says more in a field `typing`, which the kits ignore: the lease, so that activities and sessions
 * survive. Typing in a thread has no place in the first two forms, where the kits would show it in the conversation
 * itself; it travels in the third, with `typing` instead of a command.
 */
import { isCommand, TYPING_COMMAND } from '../../core/message/commands.ts'
import { decodeData } from '../../core/message/json.ts'
import { failure } from '../../core/message/failure.ts'
import { LEASE_GRACE } from '../../core/constants.ts'
import type { SendFailure } from '../../core/message/message.ts'
import { parseLease, type TypingLease } from '../../core/typing/typing.ts'

/** Which form typing is sent in. Both are read. */
export type TypingForm = 'tuikit' | 'textInput'

/** What a message says. */
export interface Content {
  readonly command: string
  /** A `TypingLease` when the command is that of typing. Its `since` is 0 when a kit has sent it. */
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

/** Writes typing. `ttl: 0` gives it back. */
export function writeTyping(form: TypingForm, lease: TypingLease, thread: string | undefined): string {
  const isStart = lease.ttl > 0
  // The documents know no end, and would take one that says `textInput` for a start.
  if (thread !== undefined || (form === 'textInput' && !isStart))
    return JSON.stringify({ ...OURS, typing: lease, thread })
  if (form === 'textInput') return JSON.stringify({ command: TYPING_COMMAND, typing: lease })
  return JSON.stringify({
    businessID: TUIKIT,
    typingStatus: isStart ? 1 : 0,
    version: 1,
    // 0 in an end, or Tencent's own web kits read a start.
    userAction: isStart ? 14 : 0,
    actionParam: isStart ? ING : END,
    typing: lease,
  })
}

/** Writes any other command. @param data as `encodeData` wrote it. */
export function writeCommand(command: string, data: string, thread: string | undefined): string | SendFailure {
  const envelope = JSON.stringify({ ...OURS, command, thread })
  const text = data ? `${envelope.slice(0, -1)},"data":${data}}` : envelope
  const bytes = new TextEncoder().encode(text).length
  if (bytes <= MAX_BYTES) return text
  return failure('too-large', `The message has ${bytes} bytes with its command: send at most ${MAX_BYTES}.`)
}

/**
 * Kits disagree about an end: on iOS and in Flutter `userAction` stays that of a start, in WeChat `typingStatus` does.
 * Read in this order all of them are right.
 */
function isStart({ actionParam, typingStatus, userAction }: Record<string, unknown>): boolean {
  if (actionParam === ING || actionParam === END) return actionParam === ING
  return typingStatus === 1 || (typingStatus !== 0 && userAction === 14)
}

const readTyping = (start: boolean, typing: unknown, thread?: unknown): Content => {
  const lease = parseLease(typing)
  const ttl = !start ? 0 : lease.ttl > 0 ? lease.ttl : KIT_HEARTBEAT + LEASE_GRACE
  return { command: TYPING_COMMAND, data: { ...lease, ttl }, thread }
}

/** Reads what anybody has sent: undefined when it is neither typing nor a command of ours. */
export function readContent(text: unknown): Content | undefined {
  if (typeof text !== 'string' || text.length > MAX_BYTES) return undefined
  if (BARE_TEXTS.includes(text)) return readTyping(true, undefined)
  const value = Object(decodeData(text)) as Record<string, unknown>
  const { businessID, command, data, typing, thread } = value
  if (businessID === TUIKIT) return readTyping(isStart(value), typing)
  if (businessID !== OURS.businessID) return command === TYPING_COMMAND ? readTyping(true, typing) : undefined
  if (typing) return readTyping(parseLease(typing).ttl > 0, typing, thread)
  return isCommand(command) && command !== TYPING_COMMAND ? { command, data, thread } : undefined
}

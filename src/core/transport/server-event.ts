import { isCommand } from '../message/commands.ts'
import { type Conversation, parseConversation } from '../message/conversation.ts'
import { isFailure } from '../message/failure.ts'
import { decodeData } from '../message/json.ts'
import type { OnlineMessage } from '../message/message.ts'
import type { SendFailure } from '../message/send-result.ts'
import { parseUser } from '../message/user.ts'
import { parseActivity, parseNumber, type TypingState, type Typist } from '../typing/typing.ts'
import type { Subscriptions } from './subscriptions.ts'
import { IDENTITY, MESSAGE, REFUSED, TYPISTS } from './wire.ts'

interface Sent {
  /** When the server sent it, by the server's clock, in milliseconds since 1970. */
  readonly sentAt: number
  readonly conversation: Conversation
}

/** What a server sends about a conversation, parsed: PROTOCOL.md, "Server to client". */
export type ConversationEvent = Sent &
  (
    | { readonly type: 'message'; readonly message: OnlineMessage }
    | { readonly type: 'typists'; readonly typists: TypingState }
    | { readonly type: 'refused'; readonly failure: SendFailure }
  )

/** The connection belongs to another user now, or to nobody (I1). It is true however late it arrives. */
export interface IdentityEvent {
  readonly type: 'identity'
}

/** What a server sends, parsed. */
export type ServerEvent = ConversationEvent | IdentityEvent

/**
 * Parses the name and the arguments of a Socket.IO event. Returns `undefined` for an event of the app, and for one of
 * ours that is malformed: everything that comes over a wire is hostile until it has been here.
 */
export function parseServerEvent([name, sentAt, where, ...rest]: readonly unknown[]): ServerEvent | undefined {
  if (name === IDENTITY) return { type: 'identity' }
  const conversation = parseConversation(where)
  if (typeof sentAt !== 'number' || !conversation) return undefined
  const sent = { sentAt, conversation }

  if (name === MESSAGE) {
    const [command, data, sender] = rest
    const from = parseUser(sender)
    if (!isCommand(command) || typeof data !== 'string' || !from) return undefined
    return { ...sent, type: 'message', message: { conversation, command, data: decodeData(data), from } }
  }
  if (name === TYPISTS) {
    const [total, list] = rest
    if (typeof total !== 'number' || !Array.isArray(list)) return undefined
    const typists = list.map(parseTypist).filter((typist) => typist !== undefined)
    // A total that cannot be true counts as the number of typists that are named.
    const isPossible = Number.isSafeInteger(total) && total >= typists.length
    return { ...sent, type: 'typists', typists: { typists, total: isPossible ? total : typists.length } }
  }
  if (name === REFUSED) {
    const [failure] = rest
    return isFailure(failure) ? { ...sent, type: 'refused', failure } : undefined
  }
  return undefined
}

function parseTypist(value: unknown): Typist | undefined {
  const user = parseUser(value)
  if (!user) return undefined
  const { activity, since } = value as Record<string, unknown>
  return { ...user, activity: parseActivity(activity), since: parseNumber(since) }
}

/** Delivers an event to every subscriber of its conversation. */
export function deliverServerEvent(event: ConversationEvent, subscriptions: Subscriptions): void {
  subscriptions.notify(event.conversation, (listener) => {
    if (event.type === 'message') listener.message(event.message)
    else if (event.type === 'typists') listener.typists(event.typists)
    else listener.refused?.(event.failure)
  })
}

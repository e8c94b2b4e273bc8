/** Where no server reads what a device says (tabs, Tencent Chat, one page, bots) the device checks it for itself. */
import { isCommand } from '../message/commands.ts'
import { type Conversation, parseConversation } from '../message/conversation.ts'
import { encodeData } from '../message/json.ts'
import { DEFAULT_MAX_BYTES } from '../constants.ts'
import type { SendFailure } from '../message/message.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { OutgoingMessage, TransportListener } from './transport.ts'
import { parseUser, type User } from '../message/user.ts'
import { invalidCommand, invalidConversation, invalidUser } from '../message/validation-failures.ts'

/** A message that may go out. */
interface CheckedMessage {
  readonly conversation: Conversation
  readonly command: string
  /** As `encodeData` wrote it. */
  readonly data: string
}

/** Reads whose device it is. @throws TypeError when the user's id is no string of 1 to 256 characters. */
export function readOwner(value: User): User {
  const user = parseUser(value)
  if (user) return user
  throw new TypeError(invalidUser.message)
}

/** Reads a message on its way out; a failure says what is wrong with it. */
export function checkOutgoing(
  { conversation: to, command, data }: OutgoingMessage,
  maxBytes: number = DEFAULT_MAX_BYTES,
): CheckedMessage | SendFailure {
  const conversation = parseConversation(to)
  if (!conversation) return invalidConversation
  if (!isCommand(command)) return invalidCommand
  const text = encodeData(data, maxBytes)
  return typeof text === 'string' ? { conversation, command, data: text } : text
}

/** Subscribes, or refuses what is no conversation: not within the call, as a server would. */
export function subscribeOrRefuse(
  subscriptions: Subscriptions,
  conversation: Conversation,
  on: TransportListener,
): () => void {
  const known = parseConversation(conversation)
  if (known) return subscriptions.add(known, on)
  let listening = true
  queueMicrotask(() => {
    if (listening) on.refused?.(invalidConversation)
  })
  return () => {
    listening = false
  }
}

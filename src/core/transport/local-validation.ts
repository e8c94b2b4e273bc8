/** Checks on the device itself, for transports without a server that checks: tabs, Tencent Chat, one page, and bots. */
import { DEFAULT_MAX_BYTES } from '../constants.ts'
import { createError } from '../errors.ts'
import { isCommand } from '../message/commands.ts'
import { type Conversation, parseConversation } from '../message/conversation.ts'
import { isFailure } from '../message/failure.ts'
import { encodeData } from '../message/json.ts'
import type { SendFailure } from '../message/send-result.ts'
import { parseUser, type User } from '../message/user.ts'
import { invalidCommand, invalidConversation, invalidUser } from '../message/validation-failures.ts'
import type { Subscriptions } from './subscriptions.ts'
import type { OutgoingMessage, TransportListener } from './transport.ts'

/** A message that may be sent. */
interface CheckedMessage {
  readonly conversation: Conversation
  readonly command: string
  /** As `encodeData` wrote it. */
  readonly data: string
}

/**
 * Checks the user whose device joins a network.
 *
 * @throws TypeError when the id is not a string of 1 to 256 characters.
 */
export function requireUser(value: User): User {
  const user = parseUser(value)
  if (user) return user
  throw createError(TypeError, 'invalid-user', invalidUser.message)
}

/**
 * Checks a message before it is sent. A failure says what is wrong with it.
 *
 * @param maxBytes most bytes that its data may have in UTF-8.
 */
export function checkOutgoing(
  message: OutgoingMessage,
  maxBytes: number = DEFAULT_MAX_BYTES,
): CheckedMessage | SendFailure {
  const conversation = parseConversation(message.conversation)
  if (!conversation) return invalidConversation
  if (!isCommand(message.command)) return invalidCommand
  const data = encodeData(message.data, maxBytes)
  if (isFailure(data)) return data
  return { conversation, command: message.command, data }
}

/** Subscribes to a valid conversation. An invalid one is refused, after the call has returned, as a server would do it. */
export function subscribeOrRefuse(
  subscriptions: Subscriptions,
  conversation: Conversation,
  listener: TransportListener,
): () => void {
  const validConversation = parseConversation(conversation)
  if (validConversation) return subscriptions.add(validConversation, listener)

  let isSubscribed = true
  queueMicrotask(() => {
    if (isSubscribed) listener.refused?.(invalidConversation)
  })
  return () => {
    isSubscribed = false
  }
}

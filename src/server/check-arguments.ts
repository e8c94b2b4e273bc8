/** What an app gives to the members of `OnlineMessageServer`. An error says what is wrong with it, then the fix. */
import type { Namespace, Socket } from 'socket.io'
import { createError, withCode } from '../core/errors.ts'
import { isId, parseConversation } from '../core/message/conversation.ts'
import { invalidConversation } from '../core/message/validation-failures.ts'
import { idError } from './id-error.ts'
import type { Device } from './model.ts'
import type { Revocation } from './revocation.ts'

/** @throws TypeError if it is not a socket of this namespace. */
export function checkSocket(target: Socket, namespace: Namespace): void {
  const fields = Object(target) as Record<string, unknown>
  if (fields.nsp === namespace) return
  if (typeof fields.id !== 'string') throw idError('reidentify() was given', target)
  throw createError(
    TypeError,
    'invalid-socket',
    `reidentify() was given an object that is not a socket of the namespace ${namespace.name} on this node. Give such a socket, or the id of a user.`,
  )
}

export function warnOfBots(devices: readonly Device[], userId: string): void {
  const isBot = devices.some(({ socket }) => !socket)
  if (!isBot) return
  console.warn(
    withCode(
      'bot-not-reidentified',
      `reidentify() changes no bot, and ${JSON.stringify(userId)} is one. Create another bot with the new name.`,
    ),
  )
}

/** @throws TypeError if an id is not a string of 1 to 256 characters. */
export function checkRevocation({ user, conversation }: Revocation): Revocation {
  if (!isId(user)) throw idError('revoke() was given', user)
  if (conversation === undefined) return { user }
  const parsed = parseConversation(conversation)
  if (parsed) return { user, conversation: parsed }
  const fields = Object(conversation) as Record<string, unknown>
  const id = fields.group ?? fields.user
  // With a valid id the mistake is a second one beside it, or the thread.
  if (id === undefined || isId(id)) throw createError(TypeError, 'invalid-conversation', invalidConversation.message)
  throw idError('revoke() was given', id)
}

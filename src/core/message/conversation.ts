import { createError } from '../errors.ts'
import { isDevelopment } from '../is-development.ts'
import { MAX_ID_LENGTH } from '../constants.ts'
import { invalidConversation } from './validation-failures.ts'

/**
 * Where an online message goes: to one other user, or to a group. A `thread` is a conversation of its own inside it, with
 * its own subscribers and its own typists.
 */
export type Conversation =
  | {
      /** The other party's id, 1 to 256 characters. */
      readonly user: string
      readonly group?: never
      /** The thread's id, 1 to 256 characters. Without it, the conversation itself is meant. */
      readonly thread?: string | undefined
    }
  | {
      /** The group's id, 1 to 256 characters. */
      readonly group: string
      readonly user?: never
      /** The thread's id, 1 to 256 characters. Without it, the conversation itself is meant. */
      readonly thread?: string | undefined
    }

/** Whether a value can be the id of a user, a group or a thread. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_LENGTH

/**
 * Parses a conversation that came over a wire or from an untyped caller. It must have exactly one of `user` and `group`,
 * and each id must be 1 to 256 characters long. Returns a new object with the known fields only, or `undefined` if the
 * value is invalid.
 */
export function parseConversation(value: unknown): Conversation | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { user, group, thread } = value as Record<string, unknown>
  if (thread !== undefined && !isId(thread)) return undefined
  const within = thread === undefined ? {} : { thread }
  if (group === undefined) return isId(user) ? { user, ...within } : undefined
  return user === undefined && isId(group) ? { group, ...within } : undefined
}

/**
 * One string per conversation, for maps and React keys. It is JSON, because an id may contain any separator.
 *
 * @throws TypeError in development, when the conversation is invalid. In production the server refuses it.
 */
export function conversationKey(conversation: Conversation): string {
  if (isDevelopment && process.env.NODE_ENV !== 'production' && !parseConversation(conversation)) {
    throw createError(TypeError, 'invalid-conversation', invalidConversation.message)
  }
  const { user, group, thread } = conversation
  return JSON.stringify([user, group, thread])
}

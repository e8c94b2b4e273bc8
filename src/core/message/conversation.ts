import { MAX_ID_LENGTH } from '../constants.ts'
import { invalidConversation } from './validation-failures.ts'

/**
 * Where an online message goes: one other user, or a group. A `thread` is a conversation of its own inside it, with its
 * own listeners and its own typists.
 */
export type Conversation =
  | {
      /** The other party's id, 1 to 256 characters. */
      readonly user: string
      readonly group?: never
      /** Which thread of it, an id of 1 to 256 characters; none is the conversation itself. */
      readonly thread?: string | undefined
    }
  | {
      /** The group's id, 1 to 256 characters. */
      readonly group: string
      readonly user?: never
      /** Which thread of it, an id of 1 to 256 characters; none is the conversation itself. */
      readonly thread?: string | undefined
    }

/** Whether this can be the id of a user, a group or a thread. */
export const isId = (value: unknown): value is string =>
  typeof value === 'string' && value.length > 0 && value.length <= MAX_ID_LENGTH

/**
 * Reads a conversation that came over a wire or from an untyped caller. Returns a new object with the known fields
 * only, or `undefined` when it is none: exactly one of `user` and `group`, each id 1 to 256 characters long.
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
 * One string per conversation, for maps and React keys. JSON, because a separator inside an id would be ambiguous.
 *
 * @throws TypeError when it is no conversation, in development. In production the server says so.
 */
export function conversationKey(conversation: Conversation): string {
  if (process.env.NODE_ENV !== 'production' && !parseConversation(conversation)) {
    throw new TypeError(invalidConversation.message)
  }
  const { user, group, thread } = conversation
  return JSON.stringify([user, group, thread])
}

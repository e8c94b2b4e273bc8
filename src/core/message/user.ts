import { isId } from './conversation.ts'

/** A person or a bot. The server writes it: a sender never says who they are (T3). */
export interface User {
  /** The id that `Conversation.user` has, 1 to 256 characters. */
  readonly id: string
  /** Shown to others as it is. Without it, the badge of a group shows "Somebody". */
  readonly name?: string | undefined
  /** The address of a picture. */
  readonly avatar?: string | undefined
}

/**
 * Parses a user that came over a wire or from an untyped caller. Returns a new object with the known fields only, or
 * `undefined` if the id is invalid.
 */
export function parseUser(value: unknown): User | undefined {
  const { id, name, avatar } = Object(value) as Record<string, unknown>
  if (!isId(id)) return undefined
  const user: { id: string; name?: string; avatar?: string } = { id }
  if (typeof name === 'string') user.name = name
  if (typeof avatar === 'string') user.avatar = avatar
  return user
}

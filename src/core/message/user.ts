import { isId } from './conversation.ts'

/** A person, a device owner or a bot. The server writes it; a sender never says who it is (T3). */
export interface User {
  /** What `Conversation.user` names. */
  readonly id: string
  /** Shown to others as it stands. Without it a group says "Somebody". */
  readonly name?: string | undefined
  /** Address of a picture. */
  readonly avatar?: string | undefined
}

/** Reads a user that came over a wire or from an untyped caller: a new object with the known fields only. */
export function parseUser(value: unknown): User | undefined {
  const { id, name, avatar } = Object(value) as Record<string, unknown>
  if (!isId(id)) return undefined
  return { id, ...(typeof name === 'string' && { name }), ...(typeof avatar === 'string' && { avatar }) }
}

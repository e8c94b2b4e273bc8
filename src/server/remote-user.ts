import { MAX_ID_LENGTH } from '../core/conversation.ts'
import type { User } from '../core/user.ts'

/** Reads a user that another node's app has identified. */
export function readRemoteUser(value: unknown): User | undefined {
  if (typeof value !== 'object' || value === null) return undefined
  const { id, name, avatar } = value as Record<string, unknown>
  if (typeof id !== 'string' || !id || id.length > MAX_ID_LENGTH) return undefined
  return { id, ...(typeof name === 'string' && { name }), ...(typeof avatar === 'string' && { avatar }) }
}

import { isCommand } from '../../core/message/commands.ts'
import { DEFAULT_MAX_AGE, DEFAULT_MAX_BYTES } from '../../core/constants.ts'
import { parseUser, type User } from '../../core/message/user.ts'

/** What is posted. The conversation is not in it: each has a channel of its own, and its name says which. */
export interface Posted {
  /** When it was posted, by the clock all tabs of one machine have in common. */
  readonly at: number
  readonly command: string
  /** As `encodeData` wrote it. */
  readonly data: string
  readonly from: User
}

/** Reads what was posted. Whatever else runs in the origin can post anything. */
export function readPosted(value: unknown): Posted | undefined {
  const { at, command, data, from } = Object(value) as Record<string, unknown>
  const user = parseUser(from)
  if (!user || typeof at !== 'number' || !isCommand(command)) return undefined
  // UTF-8 never has fewer bytes than a string has code units.
  return typeof data === 'string' && data.length <= DEFAULT_MAX_BYTES ? { at, command, data, from: user } : undefined
}

/** Whether it waited for too long. From the future: then the clock was set back meanwhile, and nobody knows how long. */
export const isStale = ({ at }: Posted): boolean => !(Math.abs(Date.now() - at) <= DEFAULT_MAX_AGE)

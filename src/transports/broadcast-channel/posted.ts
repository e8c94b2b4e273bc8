import { DEFAULT_MAX_AGE, DEFAULT_MAX_BYTES } from '../../core/constants.ts'
import { isCommand } from '../../core/message/commands.ts'
import { parseUser, type User } from '../../core/message/user.ts'

/** What a tab posts. It does not name the conversation: each has a channel of its own. */
export interface Posted {
  /** When it was posted, by the clock that all tabs of one machine share, in milliseconds since 1970. */
  readonly at: number
  readonly command: string
  /** As `encodeData` wrote it. */
  readonly data: string
  readonly from: User
}

/** Parses what somebody posted: any script of the origin can post anything. */
export function parsePosted(value: unknown): Posted | undefined {
  const { at, command, data, from } = Object(value) as Record<string, unknown>
  const user = parseUser(from)
  if (!user || typeof at !== 'number' || !isCommand(command)) return undefined
  // A string never has more UTF-16 code units than bytes of UTF-8.
  if (typeof data !== 'string' || data.length > DEFAULT_MAX_BYTES) return undefined
  return { at, command, data, from: user }
}

/**
 * Whether it waited for too long. A time in the future means that the clock was set back meanwhile, and nobody knows how
 * long it waited: that counts as stale, and so does a time that is not a number.
 */
export function isStale({ at }: Posted): boolean {
  const isFresh = Math.abs(Date.now() - at) <= DEFAULT_MAX_AGE
  return !isFresh
}

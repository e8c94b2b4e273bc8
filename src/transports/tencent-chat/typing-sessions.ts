import { MAX_TYPING_SESSIONS } from '../../core/constants.ts'
import type { TypingLease } from '../../core/typing/typing.ts'

interface KitSession {
  readonly since: number
  readonly until: number
}

/**
 * Kits do not say which session of typing a renewal belongs to. Here each gets a beginning: a renewal belongs to the
 * session that has not lapsed (R2), and what comes after an end or after the typist's message is a new one (R6).
 */
export interface KitSessions {
  /** Fills in `since` where a kit has left it open. */
  complete(typist: string, lease: TypingLease, now: number): TypingLease
  /** The typist's message has come. */
  end(typist: string): void
}

/** Several devices of one user that use kits count as one session. */
export function createKitSessions(): KitSessions {
  const sessions = new Map<string, KitSession>()
  return {
    complete(typist, lease, now) {
      if (lease.since) return lease
      const before = sessions.get(typist)
      const isEnd = lease.ttl <= 0
      // An end is of the session before it, and may come after the message.
      const since = before && (isEnd || before.until > now) ? before.since : now
      sessions.delete(typist)
      if (!isEnd) sessions.set(typist, { since, until: now + lease.ttl })
      const [oldest] = sessions.keys()
      if (oldest !== undefined && sessions.size > MAX_TYPING_SESSIONS) sessions.delete(oldest)
      return { ...lease, since }
    },
    end(typist) {
      const before = sessions.get(typist)
      if (before) sessions.set(typist, { ...before, until: 0 })
    },
  }
}

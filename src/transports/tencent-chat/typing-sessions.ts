import { createBoundedMap } from '../../core/bounded-map.ts'
import { MAX_TYPING_SESSIONS } from '../../core/constants.ts'
import type { TypingLease } from '../../core/typing/typing.ts'

/** A typing session of a kit, in milliseconds by the service's clock. */
interface KitTypingSession {
  readonly since: number
  /** When its lease expires, unless the kit renews it. 0 after the typist's message. */
  readonly expiresAt: number
}

/**
 * Kits do not say which typing session a renewal belongs to. Here each session gets a beginning: a renewal belongs to the
 * session whose lease has not expired (R2). What comes after an end, or after the typist's message, is a new one (R6).
 * Several devices of one user that use kits count as one session.
 */
export interface KitTypingSessions {
  /** Fills in `since` where a kit has left it open. */
  complete(typist: string, lease: TypingLease, now: number): TypingLease
  /** The typist's message has come. */
  end(typist: string): void
}

export function createKitTypingSessions(): KitTypingSessions {
  const sessions = createBoundedMap<string, KitTypingSession>(MAX_TYPING_SESSIONS)

  return {
    complete(typist, lease, now) {
      if (lease.since) return lease
      const before = sessions.get(typist)
      const isRelease = lease.ttl <= 0
      // A release belongs to the session before it, and may come after the message that ended that session.
      const belongsToBefore = before && (isRelease || before.expiresAt > now)
      const since = belongsToBefore ? before.since : now
      if (isRelease) sessions.delete(typist)
      else sessions.set(typist, { since, expiresAt: now + lease.ttl })
      return { ...lease, since }
    },
    end(typist) {
      const before = sessions.get(typist)
      if (before) sessions.set(typist, { since: before.since, expiresAt: 0 })
    },
  }
}

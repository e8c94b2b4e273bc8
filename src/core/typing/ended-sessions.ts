import { MAX_MESSAGE_DELAY, MAX_TYPING_SESSIONS } from '../constants.ts'

interface EndedSession {
  readonly userId: string
  /** When it ended, by `performance.now()`. */
  readonly endedAt: number
}

/**
 * The typing sessions that have ended a short time ago and whose message has not arrived yet. A message may take longer
 * than the end of its typing: it then belongs to a session that has ended, and not to the typing that began after it (R6).
 */
export interface EndedSessions {
  /** A session has ended. */
  add(sessionKey: string, userId: string): void
  /** A session goes on: it had not ended. */
  delete(sessionKey: string): void
  /**
   * A message of this user has arrived. Whether it belongs to a session that has ended: the one that ended first, which no
   * other message belongs to then.
   */
  takeMessage(userId: string): boolean
}

/** Makes an empty set of ended sessions. It remembers each for 10 s, and at most 1,000 of them. */
export function createEndedSessions(): EndedSessions {
  // A `Map` iterates in order of insertion: the session that ended first comes first.
  const sessions = new Map<string, EndedSession>()

  const forgetOldOnes = () => {
    const oldest = performance.now() - MAX_MESSAGE_DELAY
    for (const [key, { endedAt }] of sessions) {
      if (endedAt < oldest) sessions.delete(key)
    }
  }

  return {
    add(key, userId) {
      forgetOldOnes()
      if (sessions.size < MAX_TYPING_SESSIONS) sessions.set(key, { userId, endedAt: performance.now() })
    },
    delete(key) {
      sessions.delete(key)
    },
    takeMessage(userId) {
      forgetOldOnes()
      for (const [key, session] of sessions) {
        if (session.userId === userId) return sessions.delete(key)
      }
      return false
    },
  }
}

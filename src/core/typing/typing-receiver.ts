import { createLifecycleStore } from '../lifecycle-store.ts'
import type { OnlineMessage } from '../message/message.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import { TYPING_UPDATE_TTL, MAX_TYPING_SESSIONS, SLEEP_THRESHOLD, CLOCK_CHECK_INTERVAL } from '../constants.ts'
import {
  type TypingUpdate,
  isSameTypingState,
  NO_TYPISTS,
  parseLease,
  type TypingState,
  type Typist,
} from './typing.ts'

/** From one start of typing to its end. Several devices of one user may have one each. */
interface Session {
  readonly typist: Typist
  readonly until: number
  /** Their message has ended it, whatever renewal is still to come (R6). */
  cleared?: boolean | undefined
}

/**
 * The receiving half of typing, one per conversation: a store of who types. The conversation is listened to from its
 * first subscriber to its last.
 */
export interface TypingReceiver extends ReadonlyStore<TypingState> {
  /** A lease has come: the data of a `textInput` message. */
  lease(message: Pick<OnlineMessage, 'from' | 'data'>): void
  /** The whole truth has come; that nobody types, when the truth is not known any more (R5). */
  digest(digest: TypingUpdate): void
  /** Their message has arrived (R6). */
  clear(userId: string): void
}

/**
 * The machine behind R1 to R6. It understands leases, which lapse each by its own time, and digests, which replace one
 * another and lapse as a whole (R4).
 *
 * @param join listens to the conversation, until the function it returns is called. It is left and joined again when the
 * device seems to have slept: what was shown is old, the truth has to be asked anew (R5).
 */
export function createTypingReceiver(join: () => () => void): TypingReceiver {
  let sessions = new Map<string, Session>()
  /** Typists a digest counts and does not name. */
  let unnamed = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let leave: () => void

  const store = createLifecycleStore(NO_TYPISTS, () => {
    leave = join()
    return () => {
      leave()
      digest(NO_TYPISTS)
    }
  })

  const settle = () => {
    const now = performance.now()
    const shown = new Map<string, Typist>()
    let next = now + CLOCK_CHECK_INTERVAL
    for (const [key, { typist, until, cleared }] of sessions) {
      if (until > now) {
        next = Math.min(next, until)
        if (!cleared && !shown.has(typist.id)) shown.set(typist.id, typist)
      } else sessions.delete(key)
    }

    clearTimeout(timer)
    if (sessions.size) {
      const due = Date.now() + next - now
      timer = setTimeout(() => {
        if (Date.now() - due < SLEEP_THRESHOLD) return settle()
        leave()
        leave = join()
        // Last: whoever is told of it may be the last subscriber and end it all.
        digest(NO_TYPISTS)
      }, next - now)
    }
    // Last: whoever is told may throw, or call back.
    const state: TypingState = { typists: [...shown.values()], total: sessions.size > 0 ? shown.size + unnamed : 0 }
    // R2: a renewal changes nothing that is shown, so nobody is notified.
    if (!isSameTypingState(state, store.getState())) store.setState(state)
  }

  const claim = (typist: Typist, ttl: number, before = sessions) => {
    const key = `${typist.since} ${typist.id}`
    if (sessions.has(key) || sessions.size < MAX_TYPING_SESSIONS) {
      sessions.set(key, { typist, until: performance.now() + ttl, cleared: before.get(key)?.cleared })
    }
  }

  const digest = ({ typists, total }: TypingUpdate) => {
    const before = sessions
    sessions = new Map()
    for (const typist of typists) claim(typist, TYPING_UPDATE_TTL, before)
    unnamed = total - sessions.size
    settle()
  }

  return {
    ...store,
    lease({ from, data }) {
      const { ttl, activity, since } = parseLease(data)
      claim({ ...from, activity, since }, ttl)
      settle()
    },
    digest,
    clear(userId) {
      for (const session of sessions.values()) if (session.typist.id === userId) session.cleared = true
      settle()
    },
  }
}

import { CLOCK_CHECK_INTERVAL, MAX_TYPING_SESSIONS, SLEEP_THRESHOLD, TYPING_UPDATE_TTL } from '../constants.ts'
import { createLifecycleStore } from '../lifecycle-store.ts'
import type { OnlineMessage } from '../message/message.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import { createEndedSessions } from './ended-sessions.ts'
import { isSameTypingState, NO_TYPISTS, parseLease, type TypingState, type Typist } from './typing.ts'

/** One typing session, from a typist's first key to their stop. Each device of a user may have one. */
interface TypingSession {
  readonly typist: Typist
  /** When its lease expires, by `performance.now()`. */
  readonly expiresAt: number
  /** Whether the typist's message has ended it. A renewal that comes later does not show it again (R6). */
  isCleared: boolean
}

/**
 * The receiving half of typing in one conversation: a store of who types. It is subscribed to the conversation from its
 * first subscriber to its last one.
 */
export interface TypingReceiver extends ReadonlyStore<TypingState> {
  /** A lease has arrived: the data of a `textInput` message. */
  lease(message: Pick<OnlineMessage, 'from' | 'data'>): void
  /** A typing update has arrived. It replaces everything that was known. */
  update(typists: TypingState): void
  /** Forgets who types: what was known may not be true any more (R5). */
  reset(): void
  /**
   * A message of this user has arrived (R6). If it belongs to a session that has ended, nothing is hidden: what is shown
   * began after it. Otherwise it ends what is shown of this user.
   */
  clear(userId: string): void
}

/**
 * The machine behind R1 to R6. It understands leases, which expire each at its own time, and typing updates, which replace
 * one another and expire as a whole (R4).
 *
 * @param subscribe subscribes to the conversation until the function that it returns is called. After the device seems to
 * have slept, the receiver unsubscribes and subscribes again, because a new subscription asks who types now (R5).
 */
export function createTypingReceiver(subscribe: () => () => void): TypingReceiver {
  let sessions = new Map<string, TypingSession>()
  const endedSessions = createEndedSessions()
  /** How many typists the latest typing update counts without naming them. */
  let unnamed = 0
  let timer: ReturnType<typeof setTimeout> | undefined
  let unsubscribe: () => void

  const store = createLifecycleStore(NO_TYPISTS, () => {
    unsubscribe = subscribe()
    return () => {
      unsubscribe()
      reset()
    }
  })

  /** Remembers that a session has ended, unless its message has ended it (R6). */
  const rememberEnd = (key: string, { typist, isCleared }: TypingSession) => {
    if (!isCleared) endedSessions.add(key, typist.id)
  }

  const removeExpired = (now: number) => {
    for (const [key, session] of sessions) {
      const isLive = session.expiresAt > now
      if (isLive) continue
      sessions.delete(key)
      rememberEnd(key, session)
    }
  }

  const currentState = (): TypingState => {
    if (sessions.size === 0) return NO_TYPISTS
    const typists = new Map<string, Typist>()
    for (const { typist, isCleared } of sessions.values()) {
      // A user who types on two devices is one typist.
      if (!isCleared && !typists.has(typist.id)) typists.set(typist.id, typist)
    }
    return { typists: [...typists.values()], total: typists.size + unnamed }
  }

  const scheduleRefresh = (now: number) => {
    clearTimeout(timer)
    if (sessions.size === 0) return
    let refreshAt = now + CLOCK_CHECK_INTERVAL
    for (const { expiresAt } of sessions.values()) refreshAt = Math.min(refreshAt, expiresAt)
    const delay = refreshAt - now
    const dueAt = Date.now() + delay
    timer = setTimeout(() => {
      const hasSlept = Date.now() - dueAt >= SLEEP_THRESHOLD
      if (hasSlept) startOver()
      else refresh()
    }, delay)
  }

  const refresh = () => {
    const now = performance.now()
    removeExpired(now)
    scheduleRefresh(now)
    // Last: a subscriber may throw, or call back.
    const state = currentState()
    // R2: a renewal changes nothing that is shown, so nobody is notified.
    if (!isSameTypingState(state, store.getState())) store.setState(state)
  }

  const startOver = () => {
    unsubscribe()
    unsubscribe = subscribe()
    // Last: a subscriber that is notified may be the last one, and unsubscribe.
    reset()
  }

  const reset = () => {
    // They may end while nobody sees it. Those that have not ended are shown again soon.
    for (const [key, session] of sessions) rememberEnd(key, session)
    sessions.clear()
    unnamed = 0
    refresh()
  }

  /** Keeps a session for `ttl` milliseconds from now. */
  const keep = (typist: Typist, ttl: number, isCleared: boolean) => {
    const key = sessionKey(typist)
    endedSessions.delete(key)
    const isTooMany = sessions.size >= MAX_TYPING_SESSIONS && !sessions.has(key)
    if (!isTooMany) sessions.set(key, { typist, expiresAt: performance.now() + ttl, isCleared })
  }

  return {
    ...store,
    lease({ from, data }) {
      const { ttl, activity, since } = parseLease(data)
      const typist = { ...from, activity, since }
      const previous = sessions.get(sessionKey(typist))
      keep(typist, ttl, previous?.isCleared === true)
      refresh()
    },
    update({ typists, total }) {
      const previous = sessions
      sessions = new Map()
      for (const typist of typists) {
        const isCleared = previous.get(sessionKey(typist))?.isCleared === true
        keep(typist, TYPING_UPDATE_TTL, isCleared)
      }
      for (const [key, session] of previous) {
        if (!sessions.has(key)) rememberEnd(key, session)
      }
      unnamed = total - sessions.size
      refresh()
    },
    reset,
    clear(userId) {
      const belongsToEndedSession = endedSessions.takeMessage(userId)
      if (belongsToEndedSession) return
      for (const session of sessions.values()) {
        if (session.typist.id === userId) session.isCleared = true
      }
      refresh()
    },
  }
}

/** A user has one typing session per device and start. `since` tells them apart. */
const sessionKey = ({ id, since }: Typist) => `${since} ${id}`

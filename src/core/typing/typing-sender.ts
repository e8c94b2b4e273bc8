import type { SendFailure, SendResult } from '../message/message.ts'
import { isPageVisible, watchPageVisibility } from '../page-lifecycle.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import { LEASE_GRACE } from '../constants.ts'
import type { ConnectionState } from '../transport/transport.ts'
import type { Activity, TypingLease } from './typing.ts'

/** One session of typing, from the first key to the end: at most one per conversation and client. */
export interface TypingSender {
  /**
   * A key: typing goes on for `idle` (S1, S3). `read` gives the field's text, asked now and before each renewal; an
   * empty field ends typing (S4), and what is held goes on.
   */
  key(read?: () => string): void
  hold(activity: Activity): () => void
  /** Gives everything back and ends the session (S4). */
  stop(): void
}

/**
 * The machine behind S1 to S5, for one session of typing: its first key or hold makes it, its end throws it away. It has
 * one timer. What it wants follows from its few variables alone; `settle` makes the carrier agree, so start, stop and
 * start again end in the last wish.
 *
 * @param send takes, renews or gives back the lease.
 * @param refused is told why a lease was not taken.
 * @param ended is called when the session is over; all that is sent after it is what is given back.
 */
export function createTypingSender(
  heartbeat: number,
  idle: number,
  connection: ReadonlyStore<ConnectionState>,
  send: (lease: TypingLease) => Promise<SendResult>,
  refused: (failure: SendFailure) => void,
  ended: () => void,
): TypingSender {
  const holds = new Set<{ readonly activity: Activity }>()
  let read: (() => string) | undefined
  let keysUntil = 0
  let renewAt = 0
  let lease: TypingLease | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let over = false

  const take = (activity: Activity) => {
    const before = lease
    const taken = { ttl: heartbeat + LEASE_GRACE, activity, since: before?.since ?? Date.now() }
    lease = taken
    void send(taken).then((result) => {
      if (result.ok) return
      // Refused is not held: what is left to give back is what was held before.
      taken.ttl = before?.ttl ?? 0
      refused(result)
    })
  }

  const giveBack = () => {
    const before = lease
    lease = undefined
    if (before?.ttl) void send({ ...before, ttl: 0 })
  }

  const stop = () => {
    over = true
    clearTimeout(timer)
    unwatchConnection()
    unwatchPage()
    ended()
    giveBack()
  }

  const settle = () => {
    if (over) return
    const now = performance.now()
    const due = now >= renewAt
    if (due) renewAt = now + heartbeat
    // A program that empties the field tells nobody: it is found out here (S4).
    if (read?.() === '') keysUntil = 0
    const activity = [...holds].at(-1)?.activity ?? (now < keysUntil && 'typing')
    clearTimeout(timer)
    if (!activity) {
      stop()
      return
    }
    timer = setTimeout(settle, Math.min(renewAt, holds.size ? Infinity : keysUntil) - now)
    // Last: whoever is told may call back.
    if (!isPageVisible() || connection.getState() !== 'online') giveBack()
    else if (due || lease?.activity !== activity) take(activity)
  }

  const unwatchConnection = connection.subscribe(settle)
  const unwatchPage = watchPageVisibility({ onVisibilityChange: settle, onPageHide: stop })

  return {
    key(newest) {
      read = newest
      keysUntil = performance.now() + idle
      // While a lease is held the timer finds the later `keysUntil` by itself: a key costs nothing.
      if (!lease || read?.() === '') settle()
    },
    hold(activity) {
      const held = { activity }
      holds.add(held)
      settle()
      return () => {
        holds.delete(held)
        settle()
      }
    },
    stop,
  }
}

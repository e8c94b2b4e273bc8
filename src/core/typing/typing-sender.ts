import { LEASE_GRACE } from '../constants.ts'
import type { SendFailure, SendResult } from '../message/send-result.ts'
import { isPageVisible, watchPageVisibility } from '../page-lifecycle.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { ConnectionState } from '../transport/transport.ts'
import type { Activity, TypingLease } from './typing.ts'

/** One typing session, from its first key or activity to its end: at most one per conversation and client. */
export interface TypingSender {
  /**
   * A person has pressed a key: typing goes on for `idleTimeout` (S1, S3). `readText` gives the field's text. It is called
   * now and before each renewal; an empty text ends typing (S4), but not the activities that go on.
   */
  keystroke(readText?: () => string): void
  /** Begins an activity. The function that it returns ends it. */
  startActivity(activity: Activity): () => void
  /** Releases the lease and ends the session (S4). */
  stop(): void
}

/** What `createTypingSender` takes. */
export interface TypingSenderOptions {
  /** Time between two renewals, in milliseconds (S2). */
  readonly heartbeatInterval: number
  /** Time without a key after which typing ends, in milliseconds (S3). */
  readonly idleTimeout: number
  readonly connection: ReadonlyStore<ConnectionState>
  /** Takes, renews or releases the lease. */
  send(lease: TypingLease): Promise<SendResult>
  /** Called when the lease was refused. */
  onRefused(failure: SendFailure): void
  /** Called when the session has ended. After it, only the lease is released. */
  onEnd(): void
}

/** A lease as it was sent. */
interface SentLease extends TypingLease {
  /** Whether the other side may hold it, so that it has to be released. */
  isHeld: boolean
}

/**
 * The machine behind S1 to S5, for one typing session.
 *
 * It has one timer. What should be shown follows from a few variables; `update` makes the other side agree with them, so
 * that start, stop and start again end in the latest wish.
 */
export function createTypingSender(options: TypingSenderOptions): TypingSender {
  const { heartbeatInterval, idleTimeout, connection, send, onRefused, onEnd } = options
  /** The activities that go on, the latest one last. They are objects, because two of them may be of one kind. */
  const activities = new Set<{ readonly activity: Activity }>()
  let readText: (() => string) | undefined
  /** When typing ends without another key, by `performance.now()`. */
  let idleAt = 0
  /** When the lease is renewed, by `performance.now()`. */
  let renewAt = 0
  let lease: SentLease | undefined
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasEnded = false

  const isFieldEmpty = () => readText?.() === ''

  const currentActivity = (now: number): Activity | undefined => {
    const latest = [...activities].at(-1)
    if (latest) return latest.activity
    return now < idleAt ? 'typing' : undefined
  }

  const nextUpdateAt = () => {
    // While an activity goes on, being idle ends nothing.
    if (activities.size > 0) return renewAt
    return Math.min(renewAt, idleAt)
  }

  const takeLease = async (activity: Activity) => {
    const previous = lease
    const taken = {
      ttl: heartbeatInterval + LEASE_GRACE,
      activity,
      since: previous?.since ?? Date.now(),
    }
    const sent = { ...taken, isHeld: true }
    lease = sent
    const result = await send(taken)
    if (result.ok) return
    // A refused renewal leaves the lease before it as it was.
    sent.isHeld = previous?.isHeld ?? false
    onRefused(result)
  }

  const releaseLease = () => {
    const released = lease
    lease = undefined
    if (released?.isHeld) void send({ ttl: 0, activity: released.activity, since: released.since })
  }

  const stop = () => {
    hasEnded = true
    clearTimeout(timer)
    unsubscribeFromConnection()
    unsubscribeFromPage()
    onEnd()
    releaseLease()
  }

  const update = () => {
    if (hasEnded) return
    const now = performance.now()
    const isRenewalDue = now >= renewAt
    if (isRenewalDue) renewAt = now + heartbeatInterval
    // A program that empties the field causes no event, so that the field is read here (S4).
    if (isFieldEmpty()) idleAt = 0

    const activity = currentActivity(now)
    if (!activity) {
      stop()
      return
    }
    clearTimeout(timer)
    timer = setTimeout(update, nextUpdateAt() - now)

    // Last: sending may call back.
    const canBeShown = isPageVisible() && connection.getState() === 'online'
    if (!canBeShown) releaseLease()
    else if (isRenewalDue || lease?.activity !== activity) void takeLease(activity)
  }

  const unsubscribeFromConnection = connection.subscribe(update)
  const unsubscribeFromPage = watchPageVisibility({ onVisibilityChange: update, onPageHide: stop })

  return {
    keystroke(newReadText) {
      readText = newReadText
      idleAt = performance.now() + idleTimeout
      // While there is a lease, the timer finds the later `idleAt` by itself: a key costs nothing.
      if (!lease || isFieldEmpty()) update()
    },
    startActivity(activity) {
      const own = { activity }
      activities.add(own)
      update()
      return () => {
        activities.delete(own)
        update()
      }
    },
    stop,
  }
}

import { LEASE_GRACE } from '../constants.ts'
import type { SendFailure, SendResult } from '../message/send-result.ts'
import { isPageVisible, watchPageVisibility } from '../page-lifecycle.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { ConnectionState } from '../transport/transport.ts'
import type { Activity, TypingLease } from './typing.ts'

/**
 * One typing session, from its first key or activity to its end: at most one per conversation and client. All handles of
 * the conversation share it, and each ends only what it began (S7): two composers and a recorder are three handles.
 */
export interface TypingSender {
  /**
   * A person has pressed a key: typing goes on for `idleTimeout` (S1, S3). `readText` gives the text of this handle's field.
   * It is called now and before each renewal; an empty text ends the typing of this handle (S4), but no activity.
   *
   * A key also proves that somebody sees the page, whatever the global document says: the field may be in a window of
   * its own.
   */
  keystroke(handle: object, readText?: () => string): void
  /** Begins an activity. The function that it returns ends it. */
  startActivity(handle: object, activity: Activity): () => void
  /** Ends the typing and the activities of this handle, and of no other (S4, S7). */
  stop(handle: object): void
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

/** The keys that a person has pressed in the field of one handle. */
interface Keys {
  readonly readText: (() => string) | undefined
  /** When typing ends without another key, by `performance.now()`. */
  readonly idleAt: number
}

/** A lease as it was sent. */
interface SentLease extends TypingLease {
  /** Whether the other side may hold it, so that it has to be released. */
  isHeld: boolean
  isRefused: boolean
}

/**
 * The machine behind S1 to S5 and S7 to S9, for one typing session.
 *
 * It has one timer. What should be shown follows from a few variables; `update` makes the other side agree with them, so
 * that start, stop and start again end in the latest wish. Shown is the activity that was started last, by any handle.
 * Without one, `typing` is shown while the keys of any handle last.
 */
export function createTypingSender(options: TypingSenderOptions): TypingSender {
  const { heartbeatInterval, idleTimeout, connection, send, onRefused, onEnd } = options
  const keysByHandle = new Map<object, Keys>()
  /** The activities that go on, the latest one last. They are objects, because two of them may be of one kind. */
  const activities = new Set<{ readonly handle: object; readonly activity: Activity }>()
  let isPageSeen = isPageVisible()
  /** When the lease is renewed, by `performance.now()`. */
  let renewAt = 0
  let lease: SentLease | undefined
  let isForbidden = false
  let timer: ReturnType<typeof setTimeout> | undefined
  let hasEnded = false

  const removeEndedKeys = (now: number) => {
    for (const [handle, { readText, idleAt }] of keysByHandle) {
      // A program that empties the field causes no event, so that the field is read here (S4).
      if (now >= idleAt || readText?.() === '') keysByHandle.delete(handle)
    }
  }

  const currentActivity = (): Activity | undefined => {
    const inOrder = [...activities]
    const latest = inOrder[inOrder.length - 1]
    if (latest) return latest.activity
    return keysByHandle.size > 0 ? 'typing' : undefined
  }

  const nextUpdateAt = () => {
    // While an activity goes on, being idle ends nothing.
    if (activities.size > 0) return renewAt
    const idleTimes = [...keysByHandle.values()].map(({ idleAt }) => idleAt)
    return Math.min(renewAt, ...idleTimes)
  }

  const takeLease = async (activity: Activity) => {
    const previous = lease
    const taken = {
      ttl: heartbeatInterval + LEASE_GRACE,
      activity,
      since: previous?.since ?? Date.now(),
    }
    const sent = { ...taken, isHeld: true, isRefused: false }
    lease = sent
    const result = await send(taken)
    if (result.ok) return
    if (result.code === 'offline') {
      // It was not sent: the next key asks again, and so does the connection when it is back.
      if (lease === sent) lease = previous
    } else if (result.code === 'forbidden') {
      // The other side has also ended the lease before it.
      sent.isHeld = false
      isForbidden = true
    } else {
      // A refused renewal leaves the lease before it as it was.
      sent.isHeld = previous?.isHeld ?? false
    }
    sent.isRefused = true
    onRefused(result)
  }

  const releaseLease = () => {
    const released = lease
    lease = undefined
    if (released?.isHeld) void send({ ttl: 0, activity: released.activity, since: released.since })
  }

  /** S8: a forbidden lease is asked for again by the next session, one refused for another reason with the next renewal. */
  const mayAskFor = (activity: Activity, isRenewalDue: boolean) => {
    if (isForbidden) return false
    if (isRenewalDue || !lease) return true
    return lease.activity !== activity && !lease.isRefused
  }

  const end = () => {
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
    removeEndedKeys(now)

    const activity = currentActivity()
    const connectionState = connection.getState()
    if (connectionState === 'offline') {
      // S9: who comes online next may be somebody else. A network drop is `connecting`: it only pauses the session.
      // The other side has ended the lease, so that there is nothing to release.
      lease = undefined
      end()
      return
    }
    if (!activity) {
      end()
      return
    }
    clearTimeout(timer)
    timer = setTimeout(update, nextUpdateAt() - now)

    // Last: sending may call back.
    const canBeShown = isPageSeen && connectionState === 'online'
    if (!canBeShown) releaseLease()
    else if (mayAskFor(activity, isRenewalDue)) void takeLease(activity)
  }

  const unsubscribeFromConnection = connection.subscribe(update)
  const unsubscribeFromPage = watchPageVisibility({
    onVisibilityChange() {
      isPageSeen = isPageVisible()
      update()
    },
    onPageHide: end,
  })

  return {
    keystroke(handle, readText) {
      isPageSeen = true
      keysByHandle.set(handle, { readText, idleAt: performance.now() + idleTimeout })
      // While there is a lease, the timer finds the later `idleAt` by itself: a key costs nothing.
      if (!lease || readText?.() === '') update()
    },
    startActivity(handle, activity) {
      const own = { handle, activity }
      activities.add(own)
      update()
      return () => {
        activities.delete(own)
        update()
      }
    },
    stop(handle) {
      keysByHandle.delete(handle)
      for (const own of activities) {
        if (own.handle === handle) activities.delete(own)
      }
      update()
    },
  }
}

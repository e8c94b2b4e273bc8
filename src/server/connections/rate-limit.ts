import type { Priority } from '../../core/message/message.ts'
import { serverNow } from '../clock.ts'

/**
 * Which part of the budget a message may not touch. Under pressure `low` is refused first, then `normal` (the order of
 * Tencent Chat); `high` may use everything.
 */
export const RESERVE: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.2, high: 0 }

/** For what has no priority: it may use everything. */
export const NO_RESERVE = 0

/**
 * A token bucket by the generic cell rate algorithm (GCRA, ITU-T I.371). The whole state of a bucket is one number: the
 * time at which it will be full again. Whatever is limited keeps that number, so that an idle connection costs nothing.
 * Synchronous, because waiting for a limiter would reorder messages (T6).
 */
export interface RateLimit {
  /**
   * Takes one from a bucket.
   *
   * @param fullAt the bucket's state; `undefined` is a full one.
   * @param reserve the part of the bucket that has to stay, from 0 to 1.
   * @returns the new state, or `undefined` when too little is left.
   */
  take(fullAt: number | undefined, reserve: number): number | undefined
}

/** @param perSecond how many a second; twice as many may come at once. */
export function createRateLimit(perSecond: number): RateLimit {
  const interval = 1000 / perSecond
  const capacity = 2 * perSecond * interval
  return {
    take(fullAt = 0, reserve) {
      const now = serverNow()
      const newFullAt = Math.max(fullAt, now) + interval
      const isAllowed = newFullAt - now <= capacity * (1 - reserve)
      return isAllowed ? newFullAt : undefined
    },
  }
}

/** A rate limit with a bucket for each key. */
export interface KeyedRateLimit {
  /** Takes one from the bucket of a key. False when too little is left. */
  take(key: string, reserve: number): boolean
}

/** @param maxKeys how many buckets are remembered; the one that was unused for longest is forgotten first. */
export function createKeyedRateLimit(limit: RateLimit, maxKeys: number): KeyedRateLimit {
  /** A Map keeps the order of insertion, so the first key is the one that was unused for longest. */
  const buckets = new Map<string, number>()

  return {
    take(key, reserve) {
      const before = buckets.get(key)
      const after = limit.take(before, reserve)
      const fullAt = after ?? before
      buckets.delete(key)
      if (fullAt !== undefined) buckets.set(key, fullAt)
      forgetOldest()
      return after !== undefined
    },
  }

  function forgetOldest(): void {
    if (buckets.size <= maxKeys) return
    for (const oldest of buckets.keys()) {
      buckets.delete(oldest)
      return
    }
  }
}

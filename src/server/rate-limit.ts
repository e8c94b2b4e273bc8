import type { Priority } from '../core/message.ts'
import { serverNow } from './clock.ts'

/** What has to be left in the bucket for a message of each priority: low is shed first, then normal (Tencent's order). */
const RESERVE: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.2, high: 0 }

/**
 * A token bucket: `rate` a second, and twice as many at once. The whole of its state is one number, when it will be full
 * again (as in ATM's generic cell rate algorithm, ITU-T I.371): there may be very many.
 *
 * @param fullAt by the server's clock; 0 for a bucket nothing has been taken from.
 * @returns when it will be full now; `undefined` when there is too little in it for this priority.
 */
export type RateLimit = (fullAt: number | undefined, priority: Priority) => number | undefined

/** Synchronous, because an awaited limiter would reorder messages. */
export function createRateLimit(rate: number): RateLimit {
  const each = 1000 / rate
  const size = 2 * rate
  return (fullAt = 0, priority) => {
    const now = serverNow()
    const next = Math.max(fullAt, now) + each
    return next - now > size * (1 - RESERVE[priority]) * each ? undefined : next
  }
}

/** Takes from buckets by key, of which the one not asked for longest is forgotten when there are too many. */
export function createRateLimits(limit: RateLimit, most: number): (key: string, priority: Priority) => boolean {
  const buckets = new Map<string, number>()
  return (key, priority) => {
    const before = buckets.get(key)
    const fullAt = limit(before, priority)
    buckets.delete(key)
    buckets.set(key, fullAt ?? before ?? 0)
    for (const oldest of buckets.keys()) {
      if (buckets.size <= most) break
      buckets.delete(oldest)
    }
    return fullAt !== undefined
  }
}

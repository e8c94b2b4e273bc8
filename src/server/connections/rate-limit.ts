import type { Priority } from '../../core/message/message.ts'
import { serverNow } from '../clock.ts'

/** What has to be left in the bucket for a message of each priority: low is shed first, then normal (Tencent's order). */
const RESERVE: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.2, high: 0 }

/**
 * A token bucket is one number, when it will be full again by the server's clock (as in ATM's generic cell rate
 * algorithm, ITU-T I.371): there may be very many, each with whatever it limits.
 */
interface Buckets {
  /** Of the conversations a connection begins or ceases to listen to. */
  listensFullAt?: number | undefined
  /** Of the messages of a connection, or of a group. */
  messagesFullAt?: number | undefined
}

/** Takes from a bucket. False when there is too little in it for this priority. */
export type RateLimit = (buckets: Buckets, priority: Priority) => boolean

/**
 * Synchronous, because an awaited limiter would reorder messages.
 *
 * @param rate a second, and twice as many at once.
 */
export function createRateLimit(rate: number, bucket: keyof Buckets): RateLimit {
  const each = 1000 / rate
  const size = 2 * rate
  return (buckets, priority) => {
    const now = serverNow()
    const fullAt = Math.max(buckets[bucket] ?? 0, now) + each
    if (fullAt - now > size * (1 - RESERVE[priority]) * each) return false
    buckets[bucket] = fullAt
    return true
  }
}

/** Limits by key, of which the one not asked for longest is forgotten when there are too many. */
export function createRateLimits(limit: RateLimit, most: number): (key: string, priority: Priority) => boolean {
  const known = new Map<string, Buckets>()
  return (key, priority) => {
    const buckets = known.get(key) ?? {}
    known.delete(key)
    known.set(key, buckets)
    for (const oldest of known.keys()) {
      if (known.size <= most) break
      known.delete(oldest)
    }
    return limit(buckets, priority)
  }
}

import type { Priority } from '../core/message.ts'
import { serverNow } from './clock.ts'

/** What has to be left in the bucket for a message of each priority: low is shed first, then normal (Tencent's order). */
const RESERVE: Readonly<Record<Priority, number>> = { low: 0.5, normal: 0.2, high: 0 }

/** A token bucket: `rate` a second, and twice as many at once. */
export interface RateLimit {
  take(priority: Priority): boolean
}

/** A bucket of its own and synchronous, because an awaited limiter would reorder messages. */
export function createRateLimit(rate: number): RateLimit {
  const size = 2 * rate
  let left = size
  let last = serverNow()
  return {
    take(priority) {
      const now = serverNow()
      left = Math.min(size, left + ((now - last) / 1000) * rate)
      last = now
      if (left - 1 < size * RESERVE[priority]) return false
      left--
      return true
    },
  }
}

/** Buckets by key, of which the one not asked for longest is forgotten when there are too many. */
export function createRateLimits(rate: number, most: number): (key: string) => RateLimit {
  const limits = new Map<string, RateLimit>()
  return (key) => {
    const limit = limits.get(key) ?? createRateLimit(rate)
    limits.delete(key)
    limits.set(key, limit)
    for (const oldest of limits.keys()) {
      if (limits.size <= most) break
      limits.delete(oldest)
    }
    return limit
  }
}

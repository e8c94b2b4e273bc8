/** Remembers the numbers of the messages that have arrived from one node, for a while. */
export interface SeenNumbers {
  /** @returns whether this number arrives for the first time, as far as is remembered. */
  add(number: number, now: number): boolean
}

/**
 * T1: a Redis client that has reconnected may send again what it had sent. A node reads only some channels, so the numbers
 * of another node have gaps, and adapters may reorder them: only the numbers themselves say what has been here.
 *
 * @param keepFor how long a number is remembered at least, in milliseconds; at most three times as long. A message that is
 *   sent again later has expired.
 */
export function createSeenNumbers(keepFor: number): SeenNumbers {
  let recent = new Set<number>()
  let earlier = new Set<number>()
  let renewedAt = -Infinity

  function forgetOld(now: number): void {
    if (now - renewedAt < keepFor) return
    // After a long silence the recent ones are old as well.
    earlier = now - renewedAt < 2 * keepFor ? recent : new Set()
    recent = new Set()
    renewedAt = now
  }

  return {
    add(number, now) {
      forgetOld(now)
      if (recent.has(number) || earlier.has(number)) return false
      recent.add(number)
      return true
    },
  }
}

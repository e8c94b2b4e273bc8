/** How many exchanges are remembered. Clocks drift apart by less than a millisecond while that many are made. */
const REMEMBERED = 8

/** An exchange that took longer says too little, in milliseconds. */
const TOO_LONG = 1000

/** The clock of another node, which may be hours away from ours. */
export interface NodeClock {
  /**
   * A message of ours and a later one of theirs.
   *
   * @param asked when ours was sent, by our clock.
   * @param kept for how long they had it when they sent theirs.
   * @param stamp when they sent it, by their clock.
   * @param now when it came in, by our clock.
   */
  exchange(asked: number, kept: number, stamp: number, now: number): void
  /** One of their stamps by our clock; `undefined` while theirs is not known. */
  toOurs(stamp: number): number | undefined
  /** How far that may be off, in milliseconds: half the round trip. */
  margin(): number
}

interface Exchange {
  readonly ahead: number
  readonly margin: number
}

/**
 * Learns the offset between two clocks from messages that go back and forth anyway, as NTP does. Of the latest exchanges
 * the shortest knows best. No clock has to be set right; each only has to run.
 */
export function createNodeClock(): NodeClock {
  let latest: readonly Exchange[] = []
  let best: Exchange | undefined

  return {
    exchange(asked, kept, stamp, now) {
      const roundTrip = now - asked - kept
      if (!(roundTrip >= 0 && roundTrip <= TOO_LONG && kept >= 0)) return
      const margin = roundTrip / 2
      const fresh = { ahead: stamp - (now - margin), margin }
      // The truth lies within both margins, or one machine has slept in between: then what was known is void.
      const slept = best && Math.abs(best.ahead - fresh.ahead) > best.margin + fresh.margin + 50
      latest = slept ? [fresh] : [...latest.slice(1 - REMEMBERED), fresh]
      best = latest.reduce((a, b) => (b.margin <= a.margin ? b : a))
    },
    toOurs: (stamp) => best && stamp - best.ahead,
    margin: () => best?.margin ?? 0,
  }
}

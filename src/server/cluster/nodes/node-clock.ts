/** How many exchanges are kept. While that many are made, two clocks drift apart by less than a millisecond. */
const KEPT_EXCHANGES = 8

/** An exchange with a longer round trip is too inexact, in milliseconds. */
const MAX_ROUND_TRIP = 1000

/** By how much two exchanges may contradict each other before one of the machines must have slept, in milliseconds. */
const SLEEP_TOLERANCE = 50

/** One of our messages, and a later one of theirs. */
export interface Exchange {
  /** When we sent ours, by our clock. */
  readonly askedAt: number
  /** How long they had ours when they sent theirs, in milliseconds. */
  readonly heldFor: number
  /** When they sent theirs, by their clock. */
  readonly answeredAt: number
  /** When theirs arrived, by our clock. */
  readonly receivedAt: number
}

/** The clock of another node, which may be hours away from ours. */
export interface NodeClock {
  learn(exchange: Exchange): void
  /** Whether there was an exchange that was exact enough. */
  isKnown(): boolean
  /** One of their times by our clock; `undefined` while their clock is not known. */
  toLocal(theirTime: number): number | undefined
  /** By how much that can be wrong, in milliseconds: half the round trip. */
  errorBound(): number
}

interface Estimate {
  /** How far their clock is ahead of ours, in milliseconds. */
  readonly offset: number
  readonly errorBound: number
}

/**
 * Learns the offset between two clocks from messages that go back and forth anyway, as NTP does. Of the latest
 * exchanges the shortest is the most exact. No clock has to be set right; each clock only has to run.
 */
export function createNodeClock(): NodeClock {
  let estimates: readonly Estimate[] = []
  let best: Estimate | undefined

  return {
    learn({ askedAt, heldFor, answeredAt, receivedAt }) {
      const roundTrip = receivedAt - askedAt - heldFor
      if (heldFor < 0 || roundTrip < 0 || roundTrip > MAX_ROUND_TRIP) return
      const errorBound = roundTrip / 2
      const estimate = { offset: answeredAt - (receivedAt - errorBound), errorBound }
      // The true offset lies within the error bounds of both estimates, unless a machine has slept in between. Then the
      // earlier estimates are void.
      if (best && contradicts(best, estimate)) estimates = []
      estimates = [...estimates, estimate].slice(-KEPT_EXCHANGES)
      best = mostExact(estimates)
    },
    isKnown: () => best !== undefined,
    toLocal: (theirTime) => (best ? theirTime - best.offset : undefined),
    errorBound: () => best?.errorBound ?? 0,
  }
}

const contradicts = (a: Estimate, b: Estimate): boolean =>
  Math.abs(a.offset - b.offset) > a.errorBound + b.errorBound + SLEEP_TOLERANCE

/** Of several that are equally exact, the latest. */
function mostExact(estimates: readonly Estimate[]): Estimate | undefined {
  let best: Estimate | undefined
  for (const estimate of estimates) if (!best || estimate.errorBound <= best.errorBound) best = estimate
  return best
}

/** How many exchanges are kept. */
const KEPT_EXCHANGES = 4

/**
 * By how much the clocks of two machines may drift apart in a millisecond, in milliseconds. Quartz clocks are exact to
 * 100 ppm; two of them may differ by twice as much.
 */
const MAX_DRIFT = 0.0002

/** By how much two exchanges may contradict each other before one of the machines must have slept, in milliseconds. */
const SLEEP_TOLERANCE = 50

/** A question for the time, and its answer. */
export interface Exchange {
  /** When we asked, by our clock. */
  readonly askedAt: number
  /** When they answered, by their clock. */
  readonly answeredAt: number
  /** When the answer arrived, by our clock. */
  readonly receivedAt: number
}

/** What we know about the clock of another node, which may be hours away from ours. */
export interface NodeClock {
  /** @returns whether the exchange was exact enough to be used. */
  learn(exchange: Exchange): boolean
  /** Forgets everything: a machine has slept, or the exchanges have proved wrong. */
  forget(): void
  /** What is known at a time by our clock; `undefined` if it is too inexact (K1). */
  estimate(now: number): ClockEstimate | undefined
}

export interface ClockEstimate {
  /** How far their clock is ahead of ours, in milliseconds. */
  readonly offset: number
  /** By how much the offset can be wrong, in milliseconds. */
  readonly errorBound: number
  /** When it was measured, by our clock. */
  readonly measuredAt: number
}

/**
 * K1 for nodes: learns the offset between two clocks from questions and answers, as NTP does. The error is at most half
 * the round trip, however lopsided the network is, and grows with the time since. No clock has to be set right; each
 * clock only has to run.
 *
 * @param maxError an estimate that can be wrong by more is of no use, in milliseconds.
 */
export function createNodeClock(maxError: number): NodeClock {
  let estimates: readonly ClockEstimate[] = []

  /** By how much an estimate can be wrong by now. */
  const errorBoundAt = ({ errorBound, measuredAt }: ClockEstimate, now: number): number =>
    errorBound + MAX_DRIFT * Math.max(0, now - measuredAt)

  return {
    learn({ askedAt, answeredAt, receivedAt }) {
      const errorBound = (receivedAt - askedAt) / 2
      if (errorBound < 0 || errorBound > maxError) return false
      const latest: ClockEstimate = {
        offset: answeredAt - (receivedAt - errorBound),
        errorBound,
        measuredAt: receivedAt,
      }
      // The true offset lies within the error bounds of all of them, unless a machine has slept in between. Then the
      // earlier ones are void.
      const agreeing = estimates.filter((earlier) => {
        const distance = Math.abs(earlier.offset - latest.offset)
        return distance <= errorBoundAt(earlier, receivedAt) + errorBound + SLEEP_TOLERANCE
      })
      estimates = [...agreeing, latest].slice(-KEPT_EXCHANGES)
      return true
    },
    forget() {
      estimates = []
    },
    estimate(now) {
      let best: ClockEstimate | undefined
      let errorBound = maxError
      for (const estimate of estimates) {
        const bound = errorBoundAt(estimate, now)
        if (bound > errorBound) continue
        best = estimate
        errorBound = bound
      }
      return best && { ...best, errorBound }
    },
  }
}

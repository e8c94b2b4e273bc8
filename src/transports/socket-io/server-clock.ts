import { CLOCK_JUMP_THRESHOLD } from '../../core/constants.ts'

/**
 * Most by which the two clocks drift apart, as a share of the time that passes: 500 ppm, or 0.5 ms a second. NTP corrects
 * a clock by no more than that, and the quartz of an ordinary machine is off by a tenth of it.
 */
const MAX_DRIFT = 500e-6

/** The server rounds its time to milliseconds, and so do the clocks of some browsers. */
const ROUNDING = 1

/** The two clocks of a device, in milliseconds. */
export interface LocalClocks {
  /** `performance.now()`: nobody can set it, but it stands still while the device sleeps. */
  steadyNow(): number
  /** `Date.now()`: anybody can set it. */
  wallNow(): number
}

/**
 * The server's clock, as the hellos of one connection have measured it. The two clocks need not agree: only the offset
 * between them counts, the server's time minus that of the device's steady clock.
 *
 * A hello that is written at `t0` and answered at `t1` with the server's time `s` proves that the offset lies between
 * `s - t1` and `s - t0`, however lopsided the network is (K1). What several hellos prove holds at once: the offset lies in
 * the intersection of their intervals, each of them widened by the drift since then.
 *
 * **Never late (G1).** A sender stamps a message with the earliest time that it can be at the server, and a receiver takes
 * the latest one. So nothing that is older than `maxAge` is delivered, and nothing is dropped that is younger than
 * `maxAge` minus twice the sender's error bound and twice the receiver's.
 */
export interface ServerClock {
  /**
   * A hello is written now. Call the function that it returns with the server's time as soon as the answer is here. It
   * returns `false` when the device has slept meanwhile: nobody knows whether the server answered before that or after.
   */
  startMeasurement(): (serverTime: number) => boolean
  /**
   * The stamp of a message that was sent at this moment of the steady clock: the earliest time that it can have been at the
   * server, in whole milliseconds since 1970.
   */
  stamp(moment: number): number
  /** How old an event with this stamp can be by now, in milliseconds: by the latest time that it can be at the server. */
  oldestAge(stamp: number): number
  /** By how much the offset can be wrong now, in milliseconds. `Infinity` while it is unknown or void. */
  errorBound(): number
  /**
   * Whether the wall clock has jumped against the steady clock since the latest measurement: somebody has set it, or the
   * device has slept, and the steady clock stood still meanwhile. Then the offset is void.
   */
  hasJumped(): boolean
  /** Forgets everything: the clock belongs to a connection, and that one has ended. */
  reset(): void
}

/** Where the offset lies. */
interface OffsetInterval {
  readonly min: number
  readonly max: number
}

export function createServerClock({ steadyNow, wallNow }: LocalClocks): ServerClock {
  let offset: OffsetInterval | undefined
  /** When `offset` was right, by the steady clock. */
  let measuredAt = 0
  /** The wall clock minus the steady clock, at the latest measurement. */
  let wallOffset = 0

  const currentWallOffset = () => wallNow() - steadyNow()
  const hasJumped = () => {
    const jump = Math.abs(currentWallOffset() - wallOffset)
    return offset !== undefined && jump >= CLOCK_JUMP_THRESHOLD
  }

  /** Where the offset can have been at a moment before or after its measurement: it drifts. */
  const offsetAt = (moment: number): OffsetInterval => {
    if (!offset || hasJumped()) return { min: -Infinity, max: Infinity }
    const drift = Math.abs(moment - measuredAt) * MAX_DRIFT
    return { min: offset.min - drift, max: offset.max + drift }
  }

  return {
    hasJumped,
    startMeasurement() {
      const askedAt = steadyNow()
      const wallOffsetBefore = currentWallOffset()

      return (serverTime) => {
        const answeredAt = steadyNow()
        const hasSlept = currentWallOffset() - wallOffsetBefore >= CLOCK_JUMP_THRESHOLD
        if (hasSlept) return false

        const drift = (answeredAt - askedAt) * MAX_DRIFT
        const measured = { min: serverTime - answeredAt - ROUNDING, max: serverTime - askedAt + drift + ROUNDING }
        const known = offsetAt(answeredAt)
        const both = { min: Math.max(known.min, measured.min), max: Math.min(known.max, measured.max) }
        // Intervals that have nothing in common mean that a clock was set: only the newest one is right.
        offset = both.min <= both.max ? both : measured
        measuredAt = answeredAt
        wallOffset = currentWallOffset()
        return true
      }
    },
    stamp: (moment) => Math.floor(moment + offsetAt(moment).min),
    oldestAge(stamp) {
      const now = steadyNow()
      return now + offsetAt(now).max - stamp
    },
    errorBound() {
      const { min, max } = offsetAt(steadyNow())
      return (max - min) / 2
    },
    reset() {
      offset = undefined
    },
  }
}

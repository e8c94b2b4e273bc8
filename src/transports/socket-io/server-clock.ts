import { CLOCK_JUMP_THRESHOLD } from '../../core/constants.ts'

/**
 * The server's clock, as one hello has measured it. The two clocks need not agree: only the offset between them counts,
 * and `performance.now()`, which nobody can set, carries it on.
 */
export interface ServerClock {
  /** Converts a moment of `performance.now()` to the server's time, in milliseconds since 1970. */
  serverTimeAt(moment: number): number
  /**
   * `false` once the wall clock has jumped against `performance.now()`: somebody has set it, or the device has slept,
   * while `performance.now()` stood still. Then the offset is void, and only another hello can measure it again.
   */
  isValid(): boolean
}

/**
 * Makes the clock at the moment at which the answer to a hello arrives, and assumes that the server answered halfway
 * between question and answer.
 *
 * @param serverTime the server's clock when it answered, in milliseconds since 1970.
 * @param askedAt when the hello was written, by `performance.now()`.
 */
export function createServerClock(serverTime: number, askedAt: number): ServerClock {
  const answeredAt = performance.now()
  const offset = serverTime - (askedAt + answeredAt) / 2
  const wallClockOffset = Date.now() - answeredAt

  return {
    serverTimeAt: (moment) => moment + offset,
    isValid() {
      const jump = Date.now() - performance.now() - wallClockOffset
      return Math.abs(jump) < CLOCK_JUMP_THRESHOLD
    },
  }
}

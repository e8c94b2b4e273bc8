/** Ticks of two clocks differ by less than 500 millionths. */
const MAX_DRIFT = 0.0005

/** If the wall clock and the steady clock drift apart by more, the clock was set or the machine has slept. */
const MAX_CLOCK_JUMP = 500

const wallClockOffset = () => Date.now() - performance.now()

/** What the hellos of one connection say about the server's clock (K1). All times are in milliseconds. */
export class ServerClock {
  constructor() {
    this.wallClockOffset = wallClockOffset()
  }
  /** The server answered `time` after the hello was sent, at `askedAt` by the steady clock, and before now. */
  measure(time, askedAt) {
    const measuredAt = performance.now()
    // `time` is rounded, so it may be wrong by half a millisecond.
    let [least, most] = [time - measuredAt - 0.5, time - askedAt + 0.5]
    const before = this.offset()
    const isDisjoint = before.least > most || before.most < least
    if (!isDisjoint) [least, most] = [Math.max(least, before.least), Math.min(most, before.most)]
    this.latest = { least, most, measuredAt }
    this.wallClockOffset = wallClockOffset()
  }
  /** The least and the most that the server's time minus the steady time can be. */
  offset() {
    if (!this.latest) return { least: -Infinity, most: Infinity }
    const drift = (performance.now() - this.latest.measuredAt) * MAX_DRIFT
    return { least: this.latest.least - drift, most: this.latest.most + drift }
  }
  errorBound() {
    const { least, most } = this.offset()
    return (most - least) / 2
  }
  /** The server's time now. The least is for stamps, the most for judging the age of what arrives. */
  serverTime() {
    const { least, most } = this.offset()
    return { least: performance.now() + least, most: performance.now() + most }
  }
  /** Then all it says is void, and so is every answer to a hello from before. */
  hasJumped() {
    return Math.abs(wallClockOffset() - this.wallClockOffset) > MAX_CLOCK_JUMP
  }
  /** How long until the drift has used half of what the error bound is below `maxErrorBound`. */
  timeUntilUncertain(maxErrorBound) {
    return (maxErrorBound - this.errorBound()) / MAX_DRIFT / 2
  }
}

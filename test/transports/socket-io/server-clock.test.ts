import { describe, expect, test } from 'vitest'
import { createServerClock } from '../../../src/transports/socket-io/server-clock.ts'

const HOUR = 3_600_000
/** The server's time when the steady clock is at 0. */
const START = 1_767_225_600_000

/** A clock on a device whose own clocks go as the test says. */
function startClock() {
  let steady = 0
  let wall = 0
  const clock = createServerClock({ steadyNow: () => steady, wallNow: () => wall })
  return {
    clock,
    pass(milliseconds: number) {
      steady += milliseconds
      wall += milliseconds
    },
    setWallClock(by: number) {
      wall += by
    },
    sleep(milliseconds: number) {
      wall += milliseconds
    },
    now: () => steady,
    /** A hello that takes this long up and down. The server's clock has no drift. */
    measure({ up, down }: { readonly up: number; readonly down: number }) {
      const finish = clock.startMeasurement()
      this.pass(up)
      const serverTime = START + steady
      this.pass(down)
      return finish(serverTime)
    },
  }
}

describe('K1: what a hello proves', () => {
  test('an unknown clock has no error bound, and every event may be of any age', () => {
    const { clock } = startClock()
    expect(clock.errorBound()).toBe(Infinity)
    expect(clock.oldestAge(START)).toBe(Infinity)
  })

  test.each([
    { up: 50, down: 50 },
    { up: 100, down: 0 },
    { up: 0, down: 100 },
  ])('half its round trip is the error bound, however lopsided it was: %j', (trip) => {
    const device = startClock()
    device.measure(trip)
    // 1 ms more for rounding, and 0.025 ms for drift.
    expect(device.clock.errorBound()).toBeCloseTo(51.025)
    expect(device.clock.stamp(device.now())).toBeLessThanOrEqual(START + device.now())
    expect(device.clock.oldestAge(START + device.now())).toBeGreaterThanOrEqual(0)
  })

  test('two lopsided hellos together know the clock better than each of them', () => {
    const device = startClock()
    device.measure({ up: 0, down: 4400 })
    expect(device.clock.errorBound()).toBeGreaterThan(2200)
    device.measure({ up: 4400, down: 0 })
    expect(device.clock.errorBound()).toBeLessThan(6)
    expect(device.clock.oldestAge(START + device.now())).toBeGreaterThanOrEqual(0)
    expect(device.clock.oldestAge(START + device.now())).toBeLessThan(12)
  })

  test('the error bound grows with the drift: 0.5 ms a second', () => {
    const device = startClock()
    device.measure({ up: 0, down: 0 })
    const bound = device.clock.errorBound()
    device.pass(100_000)
    expect(device.clock.errorBound()).toBeCloseTo(bound + 50)
  })

  test('a stamp of the past allows for the drift since then', () => {
    const device = startClock()
    device.pass(HOUR)
    device.measure({ up: 0, down: 0 })
    const stamp = device.clock.stamp(device.now() - 10_000)
    expect(stamp).toBe(START + device.now() - 10_000 - 6)
  })

  test('a hello that contradicts all that is known starts over: a clock was set', () => {
    const device = startClock()
    device.measure({ up: 5, down: 5 })
    const finish = device.clock.startMeasurement()
    device.pass(20)
    finish(START + device.now() + HOUR)
    expect(device.clock.errorBound()).toBeCloseTo(11.005)
    expect(device.clock.oldestAge(START + device.now() + HOUR)).toBeLessThan(22)
  })

  test('nothing is left of it after the end of the connection', () => {
    const device = startClock()
    device.measure({ up: 5, down: 5 })
    device.clock.reset()
    expect(device.clock.errorBound()).toBe(Infinity)
    expect(device.clock.hasJumped()).toBe(false)
  })
})

describe('G1: jumps of the wall clock against the steady clock', () => {
  test('there is none as long as both go on side by side', () => {
    const device = startClock()
    device.measure({ up: 5, down: 5 })
    expect(device.clock.hasJumped()).toBe(false)
    device.pass(HOUR)
    expect(device.clock.hasJumped()).toBe(false)
  })

  test.each([
    [499, false],
    [-499, false],
    [500, true],
    [-500, true],
    [HOUR, true],
  ])('one of %i ms makes the offset void: %s', (jump, isVoid) => {
    const device = startClock()
    device.measure({ up: 5, down: 5 })
    device.setWallClock(jump)
    expect(device.clock.hasJumped()).toBe(isVoid)
    expect(device.clock.errorBound() === Infinity).toBe(isVoid)
    device.setWallClock(-jump)
    expect(device.clock.hasJumped()).toBe(false)
    expect(device.clock.errorBound()).toBeLessThan(10)
  })

  test('a hello during which the device slept proves nothing', () => {
    const device = startClock()
    const finish = device.clock.startMeasurement()
    const serverTime = START + device.now()
    device.sleep(10_000)
    device.pass(10)
    expect(finish(serverTime)).toBe(false)
    expect(device.clock.errorBound()).toBe(Infinity)
    expect(device.measure({ up: 5, down: 5 })).toBe(true)
    expect(device.clock.errorBound()).toBeLessThan(10)
  })

  test('a hello during which the wall clock was set back proves what it always does', () => {
    const device = startClock()
    const finish = device.clock.startMeasurement()
    device.setWallClock(-HOUR)
    device.pass(10)
    expect(finish(START + device.now())).toBe(true)
    expect(device.clock.errorBound()).toBeLessThan(10)
  })
})

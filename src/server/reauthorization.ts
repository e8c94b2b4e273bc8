import type { Device } from './model.ts'
import type { UserDevices } from './devices/user-devices.ts'

/** How often it is looked whose turn it is, in milliseconds. */
const TICK = 1000

/**
 * Asks again for all devices in turn, evenly over the interval, so that the app is not asked for all of them at once.
 *
 * @param interval in milliseconds.
 * @returns ends it.
 */
export function startRechecks(interval: number, devices: UserDevices, recheck: (device: Device) => void): () => void {
  let turn = devices.all()
  let due = 0

  const timer = setInterval(() => {
    due += (devices.count() * TICK) / interval
    for (; due >= 1; due--) {
      let next = turn.next()
      // Round again.
      if (next.done) next = (turn = devices.all()).next()
      if (next.done) due = 0
      else recheck(next.value)
    }
  }, TICK).unref()
  return () => clearInterval(timer)
}

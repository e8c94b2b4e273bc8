import type { UserDevices } from './devices/user-devices.ts'
import type { Device } from './model.ts'

/** How often devices are picked, in milliseconds. */
const PICK_INTERVAL = 1000

/**
 * Picks every device once per interval, evenly, so that the app is not asked about all of them at once.
 *
 * @param interval in milliseconds.
 * @param reauthorize asks the app about one device.
 * @returns stops it.
 */
export function startReauthorization(
  interval: number,
  devices: Pick<UserDevices, 'all' | 'count'>,
  reauthorize: (device: Device) => void,
): () => void {
  let round = devices.all()
  /** How many devices are due now. A fraction is kept for the next time. */
  let due = 0

  /** The next device; after the last one a new round begins. */
  function pick(): Device | undefined {
    const next = round.next()
    if (!next.done) return next.value
    round = devices.all()
    const first = round.next()
    return first.done ? undefined : first.value
  }

  function reauthorizeDue(): void {
    due += (devices.count() * PICK_INTERVAL) / interval
    while (due >= 1) {
      const device = pick()
      if (!device) {
        due = 0
        return
      }
      due--
      reauthorize(device)
    }
  }

  const timer = setInterval(reauthorizeDue, PICK_INTERVAL).unref()
  return () => clearInterval(timer)
}

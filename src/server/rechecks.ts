import type { Device } from './device.ts'

/** How often it is looked whose turn it is, in milliseconds. */
const TICK = 1000

/** Devices whose permissions are asked again from time to time. */
export interface Rechecks {
  add(device: Device): void
  remove(device: Device): void
  close(): void
}

/**
 * Takes every device in turn, evenly over the interval, so that the app is not asked for all of them at once.
 *
 * @param interval in milliseconds; `Infinity` never asks again.
 */
export function createRechecks(interval: number, recheck: (device: Device) => void): Rechecks {
  const devices = new Set<Device>()
  let due = 0
  let timer: NodeJS.Timeout | undefined

  const turn = () => {
    due += (devices.size * TICK) / interval
    for (const device of devices) {
      if (due < 1) return
      due--
      // To the end of the line.
      devices.delete(device)
      devices.add(device)
      recheck(device)
    }
  }

  return {
    add(device) {
      devices.add(device)
      if (Number.isFinite(interval)) timer ??= setInterval(turn, TICK).unref()
    },
    remove(device) {
      if (!devices.delete(device) || devices.size) return
      clearInterval(timer)
      timer = undefined
    },
    close() {
      clearInterval(timer)
    },
  }
}

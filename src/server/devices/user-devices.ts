import type { Device } from '../model.ts'
import { removeFrom, type SmallSet, addTo, itemsOf } from './small-set.ts'

/** Devices by user. */
export interface UserDevices {
  add(device: Device): void
  remove(device: Device): void
  of(userId: string): readonly Device[]
  count(): number
  /** All there are, also those that come while it is gone through. */
  all(): Generator<Device, void>
}

export function createUserDevices(): UserDevices {
  const devices = new Map<string, SmallSet<Device>>()
  let count = 0

  return {
    add(device) {
      const { id } = device.user
      devices.set(id, addTo(devices.get(id), device))
      count++
    },
    remove(device) {
      const { id } = device.user
      const left = removeFrom(devices.get(id), device)
      if (left) devices.set(id, left)
      else devices.delete(id)
      count--
    },
    of: (userId) => itemsOf(devices.get(userId)),
    count: () => count,
    *all() {
      for (const own of devices.values()) yield* itemsOf(own)
    },
  }
}

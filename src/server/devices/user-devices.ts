import type { Device } from '../model.ts'
import { addTo, itemsOf, removeFrom, type SmallSet } from './small-set.ts'

/** All devices, by user. */
export interface UserDevices {
  add(device: Device): void
  remove(device: Device): void
  of(userId: string): readonly Device[]
  count(): number
  /** All devices, also those that are added while it runs. */
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
      const others = removeFrom(devices.get(id), device)
      if (others) devices.set(id, others)
      else devices.delete(id)
      count--
    },
    of: (userId) => itemsOf(devices.get(userId)),
    count: () => count,
    *all() {
      for (const ofOneUser of devices.values()) yield* itemsOf(ofOneUser)
    },
  }
}

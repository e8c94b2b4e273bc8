/** Which device of a one-to-one receiver gets messages and shows typing, with `deliverTo: 'active-device'`. */
import { serverNow } from './clock.ts'
import { itemsOf } from './devices/small-set.ts'
import { createEvent, type Event } from './event.ts'
import type { Device, Room } from './model.ts'
import type { Settings } from './options.ts'

/** The device that was last connected, focused or used. */
export function latestDevice(devices: Iterable<Device>): Device | undefined {
  let latest: Device | undefined
  for (const device of devices) if (!latest || device.lastActiveAt > latest.lastActiveAt) latest = device
  return latest
}

/** The active device of a one-to-one room, unless it is on another node. */
export function activeDevice({ devices, isActiveElsewhere }: Room): Device | undefined {
  return isActiveElsewhere === true ? undefined : latestDevice(devices.keys())
}

/** Whether only the active device of a room gets messages. */
export const deliversToOne = ({ activeDeviceOnly }: Settings, room: Room): boolean =>
  activeDeviceOnly && room.conversation.group === undefined

/** Keeps the time at which each device was last active. */
export interface ActiveDevices {
  /** Gives a new device its first time. */
  start(device: Device): void
  /** The user has just used this device: it is the active one now, on every node. */
  markActive(device: Device): void
  /** A device in this room has just been used: it is the active one now. */
  readonly onUse: Event<Room>['on']
}

export function createActiveDevices(settings: Settings): ActiveDevices {
  const use = createEvent<Room>()
  let latestTime = 0

  /** The next time: now, but later than every time before it, so that no two devices have the same one. */
  function nextTime(): number {
    latestTime = Math.max(latestTime + 0.001, serverNow())
    return latestTime
  }

  return {
    start(device) {
      device.lastActiveAt = nextTime()
    },
    markActive(device) {
      device.lastActiveAt = nextTime()
      if (!settings.activeDeviceOnly) return
      for (const room of itemsOf(device.subscriptions)) if (deliversToOne(settings, room)) use.emit(room)
    },
    onUse: use.on,
  }
}

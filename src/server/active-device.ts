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
export function activeDevice({ devices, remoteActiveAt = 0 }: Room): Device | undefined {
  const latest = latestDevice(devices.keys())
  return latest && latest.lastActiveAt >= remoteActiveAt ? latest : undefined
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
  /** Another device of this room may be the active one now. */
  readonly onChange: Event<Room>['on']
}

/**
 * @param latestOnOtherNodes after this time a device is the latest one of these rooms on all other nodes as well.
 */
export function createActiveDevices(
  settings: Settings,
  latestOnOtherNodes: (rooms: readonly Room[]) => number,
): ActiveDevices {
  const change = createEvent<Room>()
  let latestTime = 0

  /** The next time: now, but later than every time before it, so that no two devices have the same one. */
  function nextTime(after: number): number {
    latestTime = Math.max(latestTime + 0.001, serverNow(), after)
    return latestTime
  }

  return {
    start(device) {
      device.lastActiveAt = nextTime(0)
    },
    markActive(device) {
      if (!settings.activeDeviceOnly) {
        device.lastActiveAt = nextTime(0)
        return
      }
      const rooms = itemsOf(device.subscriptions).filter((room) => deliversToOne(settings, room))
      device.lastActiveAt = nextTime(latestOnOtherNodes(rooms))
      rooms.forEach(change.emit)
    },
    onChange: change.on,
  }
}

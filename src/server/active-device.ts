import type { Device, Room } from './model.ts'

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

import type { Socket } from 'socket.io'
import type { User } from '../../core/message/user.ts'
import type { SmallSet } from './small-set.ts'
import type { Frame } from '../connections/frame.ts'
import type { Room } from '../rooms.ts'

/** One connection of one user, or a bot: what hears, speaks and types. */
export interface Device {
  readonly user: User
  /** Hands a frame over: written to its connection, or called in this process. */
  hand(frame: Frame): void
  /** Its connection; a bot has none. */
  readonly socket: Socket | undefined
  /** Where it listens. */
  listening: SmallSet<Room>
  /** Where it holds a lease of typing; there from the first one on, since most devices never type. */
  typingIn?: Set<Room>
  /** Leases that wait for permission, by room key; there from the first one on. */
  wishes?: Map<string, { ttl: number; activity: string }>
  /** Counts revocations, so that a permission that was asked before one is asked again after it. */
  revocations: number
  gone: boolean
  /** When it was last connected, focused or used, by the server's clock, and later than any before it. */
  usedAt: number
}

export const createDevice = (user: User, hand: Device['hand'], socket?: Socket): Device => ({
  user,
  hand,
  socket,
  listening: undefined,
  revocations: 0,
  gone: false,
  usedAt: 0,
})

/** The one of several devices that was last connected, focused or used. */
export function latest(devices: Iterable<Device>): Device | undefined {
  let found: Device | undefined
  for (const device of devices) if (!found || device.usedAt > found.usedAt) found = device
  return found
}

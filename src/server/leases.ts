import { MAX_LEASE } from '../core/limits.ts'
import type { Activity } from '../core/typing.ts'
import { serverNow } from './clock.ts'
import type { Device } from './device.ts'
import type { Digests } from './digests.ts'
import type { Room, Rooms, RoomTypist } from './room.ts'
import type { Counters } from './stats.ts'

/** How often lapsed leases are looked for, in milliseconds: a vanished typist stays at most so much longer (S5). */
const SWEEP = 500

/** Holds the leases of typing: per user and device, in memory only, each until it is given back or lapses. */
export interface Leases {
  /** Takes or renews a lease; `ttl` is in milliseconds. */
  take(device: Device, room: Room, ttl: number, activity: Activity): void
  giveBack(device: Device, room: Room): void
  /** Stops all timers. */
  close(): void
}

export function createLeases(rooms: Rooms, digests: Digests, counters: Counters): Leases {
  const active = new Set<Room>()
  let timer: NodeJS.Timeout | undefined

  function giveBack(device: Device, room: Room): void {
    const typist = room.typists.get(device.user.id)
    device.typingIn.delete(room)
    if (!typist?.shares.delete(device)) return
    counters.leases--
    if (!typist.shares.size) room.typists.delete(device.user.id)
    if (!room.typists.size) active.delete(room)
    digests.changed(room)
    rooms.closeIfEmpty(room)
  }

  function sweep(): void {
    const now = serverNow()
    for (const room of [...active]) {
      for (const { shares } of [...room.typists.values()]) {
        for (const [device, { until }] of [...shares]) if (until <= now) giveBack(device, room)
      }
      if (active.has(room)) digests.refresh(room)
    }
    timer = active.size ? setTimeout(sweep, SWEEP).unref() : undefined
  }

  return {
    take(device, room, ttl, activity) {
      const { user } = device
      const typist: RoomTypist = room.typists.get(user.id) ?? { user, shares: new Map() }
      const share = typist.shares.get(device)
      const now = serverNow()
      const until = now + Math.min(ttl, MAX_LEASE)
      if (share?.activity === activity) {
        // A renewal is no news.
        share.until = until
        return
      }
      if (!share) counters.leases++
      typist.shares.delete(device)
      typist.shares.set(device, { activity, since: share?.since ?? Math.round(now), until })
      room.typists.set(user.id, typist)
      device.typingIn.add(room)
      active.add(room)
      timer ??= setTimeout(sweep, SWEEP).unref()
      digests.changed(room)
    },
    giveBack,
    close() {
      clearTimeout(timer)
      for (const room of [...active]) {
        for (const { shares } of [...room.typists.values()])
          for (const device of [...shares.keys()]) giveBack(device, room)
        digests.end(room)
      }
    },
  }
}

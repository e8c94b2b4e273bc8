import { MAX_LEASE_TTL } from '../../core/constants.ts'
import type { Activity } from '../../core/typing/typing.ts'
import { serverNow } from '../clock.ts'
import type { Device } from '../devices/device.ts'
import type { TypingUpdates } from './typing-updates.ts'
import { addTypist, removeTypist, type Room, type Rooms, type RoomTypist, type Share } from '../rooms.ts'
import type { Counters } from '../stats.ts'

/** How often lapsed leases are looked for, in milliseconds: a vanished typist stays at most so much longer (S5). */
const SWEEP = 500

/** Holds the leases of typing: per user and device, in memory only, each until it is given back or lapses. */
export interface Leases {
  /** Takes or renews a lease; `ttl` is in milliseconds. */
  take(device: Device, room: Room, ttl: number, activity: Activity): void
  /** Holds a device of another node's lease until it is given back: that node watches over it. */
  hold(device: Device, room: Room, activity: Activity, since: number): void
  /** Those of this node's own devices. */
  own(): Iterable<readonly [Device, Room, Share]>
  giveBack(device: Device, room: Room): void
  /** Stops all timers. */
  close(): void
}

/** @param announce is told of every lease that one of this node's own devices begins, changes (`share`) or ends. */
export function createLeases(
  rooms: Rooms,
  digests: TypingUpdates,
  counters: Counters,
  announce: (device: Device, room: Room, share: Share | undefined) => void,
): Leases {
  const active = new Set<Room>()
  /** Held for devices of other nodes. */
  const elsewhere = new WeakSet<Device>()
  let timer: NodeJS.Timeout | undefined

  function giveBack(device: Device, room: Room): void {
    const typist = room.typists.get(device.user.id)
    device.typingIn?.delete(room)
    if (!typist?.shares.delete(device)) return
    if (!elsewhere.has(device)) {
      counters.leases--
      announce(device, room, undefined)
    }
    if (!typist.shares.size) removeTypist(room, device.user.id)
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

  function put(device: Device, room: Room, share: Share): void {
    const { user } = device
    const typist: RoomTypist = room.typists.get(user.id) ?? { user, shares: new Map() }
    typist.shares.delete(device)
    typist.shares.set(device, share)
    addTypist(room, typist)
    device.typingIn ??= new Set()
    device.typingIn.add(room)
    active.add(room)
    timer ??= setTimeout(sweep, SWEEP).unref()
    digests.changed(room)
  }

  return {
    take(device, room, ttl, activity) {
      const before = room.typists.get(device.user.id)?.shares.get(device)
      const now = serverNow()
      const until = now + Math.min(ttl, MAX_LEASE_TTL)
      if (before?.activity === activity) {
        // A renewal is no news.
        before.until = until
        return
      }
      if (!before) counters.leases++
      const share = { activity, since: before?.since ?? Math.round(now), until }
      put(device, room, share)
      announce(device, room, share)
    },
    hold(device, room, activity, since) {
      elsewhere.add(device)
      put(device, room, { activity, since, until: Infinity })
    },
    *own() {
      for (const room of active) {
        for (const { shares } of room.typists.values())
          for (const [device, share] of shares) if (!elsewhere.has(device)) yield [device, room, share]
      }
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

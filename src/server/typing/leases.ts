import { MAX_LEASE_TTL } from '../../core/constants.ts'
import type { Activity } from '../../core/typing/typing.ts'
import { serverNow } from '../clock.ts'
import type { Device, Room, RoomTypist, TypingSession } from '../model.ts'
import type { TypingUpdates } from './typing-updates.ts'
import { addTypist, removeTypist, type Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'

/** How often lapsed leases are looked for, in milliseconds: a vanished typist stays at most so much longer (S5). */
const SWEEP = 500

/** Holds the leases of typing: per user and device, in memory only, each until it is given back or lapses. */
export interface Leases {
  /** Takes or renews a lease; `ttl` is in milliseconds. */
  take(device: Device, room: Room, ttl: number, activity: Activity): void
  /** Holds a device of another node's lease until it is given back: that node watches over it. */
  mirror(device: Device, room: Room, activity: Activity, since: number): void
  /** Those of this node's own devices. */
  own(): Iterable<{ readonly device: Device; readonly room: Room; readonly session: TypingSession }>
  release(device: Device, room: Room): void
  /** Stops all timers. */
  close(): void
}

/** @param announce is told of every lease that one of this node's own devices begins, changes (`session`) or ends. */
export function createLeases(
  rooms: Rooms,
  typingUpdates: TypingUpdates,
  counters: Counters,
  announce: (device: Device, room: Room, session: TypingSession | undefined) => void,
): Leases {
  const active = new Set<Room>()
  /** Held for devices of other nodes. */
  const mirrored = new WeakSet<Device>()
  let timer: NodeJS.Timeout | undefined

  function release(device: Device, room: Room): void {
    const typist = room.typists.get(device.user.id)
    device.typingIn?.delete(room)
    if (!typist?.sessions.delete(device)) return
    if (!mirrored.has(device)) {
      counters.leases--
      announce(device, room, undefined)
    }
    if (!typist.sessions.size) removeTypist(room, device.user.id)
    if (!room.typists.size) active.delete(room)
    typingUpdates.changed(room)
    rooms.closeIfEmpty(room)
  }

  function sweep(): void {
    const now = serverNow()
    for (const room of [...active]) {
      for (const { sessions } of [...room.typists.values()]) {
        for (const [device, { until }] of [...sessions]) if (until <= now) release(device, room)
      }
      if (active.has(room)) typingUpdates.refresh(room)
    }
    timer = active.size ? setTimeout(sweep, SWEEP).unref() : undefined
  }

  function put(device: Device, room: Room, session: TypingSession): void {
    const { user } = device
    const typist: RoomTypist = room.typists.get(user.id) ?? { user, sessions: new Map() }
    typist.sessions.delete(device)
    typist.sessions.set(device, session)
    addTypist(room, typist)
    device.typingIn ??= new Set()
    device.typingIn.add(room)
    active.add(room)
    timer ??= setTimeout(sweep, SWEEP).unref()
    typingUpdates.changed(room)
  }

  return {
    take(device, room, ttl, activity) {
      const before = room.typists.get(device.user.id)?.sessions.get(device)
      const now = serverNow()
      const until = now + Math.min(ttl, MAX_LEASE_TTL)
      if (before?.activity === activity) {
        // A renewal is no news.
        before.until = until
        return
      }
      if (!before) counters.leases++
      const session = { activity, since: before?.since ?? Math.round(now), until }
      put(device, room, session)
      announce(device, room, session)
    },
    mirror(device, room, activity, since) {
      mirrored.add(device)
      put(device, room, { activity, since, until: Infinity })
    },
    *own() {
      for (const room of active) {
        for (const { sessions } of room.typists.values())
          for (const [device, session] of sessions) if (!mirrored.has(device)) yield { device, room, session }
      }
    },
    release,
    close() {
      clearTimeout(timer)
      for (const room of [...active]) {
        for (const { sessions } of [...room.typists.values()])
          for (const device of [...sessions.keys()]) release(device, room)
        typingUpdates.end(room)
      }
    },
  }
}

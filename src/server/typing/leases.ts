import { MAX_LEASE_TTL } from '../../core/constants.ts'
import type { Activity } from '../../core/typing/typing.ts'
import { serverNow } from '../clock.ts'
import { logTyping } from '../debug.ts'
import { createEvent, type Event } from '../event.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import { addTypist, removeTypist, type Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'
import type { TypingUpdates } from './typing-updates.ts'

/** How often expired leases are looked for, in milliseconds: how much longer a vanished typist may be shown (S5). */
const SWEEP_INTERVAL = 500

/** The typing session of one device in one room. */
export interface DeviceSession {
  readonly device: Device
  readonly room: Room
  readonly session: TypingSession
}

/** A device has begun a typing session, changed its activity, or ended the session (`undefined`). */
export interface LeaseChange {
  readonly device: Device
  readonly room: Room
  readonly session: TypingSession | undefined
}

/** What a device claims: to be shown in a room for `ttl` milliseconds. */
export interface LeaseClaim {
  readonly device: Device
  readonly room: Room
  readonly ttl: number
  readonly activity: Activity
}

/** Keeps the typing leases, by user and device, in memory only. Each lives until it is released or expires. */
export interface Leases {
  /** Takes a lease for one of this node's devices, or renews it. */
  take(claim: LeaseClaim): void
  /** Keeps a copy of a lease on another node until it is released or expires. */
  mirror(session: DeviceSession): void
  /** How many copies of leases on other nodes there are. */
  countMirrored(): number
  release(device: Device, room: Room): void
  releaseAll(device: Device): void
  /** The device's user has another name or picture: whoever sees them type sees it at once (I1). */
  renamed(device: Device): void
  /** A session of one of this node's own devices has begun, changed or ended, or its user. A renewal changes nothing. */
  readonly onChange: Event<LeaseChange>['on']
  /** Releases all leases and stops all timers. */
  close(): void
}

export function createLeases(rooms: Rooms, typingUpdates: TypingUpdates, counters: Counters): Leases {
  const change = createEvent<LeaseChange>()
  const roomsWithTypists = new Set<Room>()
  /** Devices of other nodes. */
  const mirrored = new WeakSet<Device>()
  let sweepTimer: NodeJS.Timeout | undefined

  function put({ device, room, session }: DeviceSession): void {
    const { user } = device
    const typist = room.typists.get(user.id) ?? { sessions: new Map<Device, TypingSession>() }
    // The latest session is the last one in the map.
    typist.sessions.delete(device)
    typist.sessions.set(device, session)
    addTypist(room, user.id, typist)
    device.typingIn ??= new Set()
    device.typingIn.add(room)
    roomsWithTypists.add(room)
    sweepTimer ??= setTimeout(sweep, SWEEP_INTERVAL).unref()
    typingUpdates.changed(room)
  }

  function release(device: Device, room: Room): void {
    const typist = room.typists.get(device.user.id)
    device.typingIn?.delete(room)
    if (!typist?.sessions.delete(device)) return
    if (!mirrored.has(device)) {
      counters.leases--
      change.emit({ device, room, session: undefined })
    }
    if (!typist.sessions.size) removeTypist(room, device.user.id)
    if (!room.typists.size) roomsWithTypists.delete(room)
    typingUpdates.changed(room)
    rooms.closeIfEmpty(room)
  }

  /** All sessions in all rooms, mirrored ones as well. A copy, so that they can be released meanwhile. */
  function sessionsIn(room: Room): DeviceSession[] {
    const all: DeviceSession[] = []
    for (const { sessions } of room.typists.values()) {
      for (const [device, session] of sessions) all.push({ device, room, session })
    }
    return all
  }

  function sweep(): void {
    const now = serverNow()
    for (const room of [...roomsWithTypists]) {
      for (const { device, session } of sessionsIn(room)) {
        if (session.until > now) continue
        logTyping({ event: 'lease ended', reason: 'expired', user: device.user.id, conversation: room.writtenTo })
        release(device, room)
      }
      if (roomsWithTypists.has(room)) typingUpdates.repeat(room)
    }
    sweepTimer = roomsWithTypists.size ? setTimeout(sweep, SWEEP_INTERVAL).unref() : undefined
  }

  return {
    take({ device, room, ttl, activity }) {
      const before = room.typists.get(device.user.id)?.sessions.get(device)
      const now = serverNow()
      const until = now + Math.min(ttl, MAX_LEASE_TTL)
      if (before?.activity === activity) {
        // Nothing changes for those who watch.
        before.until = until
        return
      }
      if (!before) counters.leases++
      const session = { activity, since: before?.since ?? Math.round(now), until }
      put({ device, room, session })
      change.emit({ device, room, session })
    },
    mirror(deviceSession) {
      mirrored.add(deviceSession.device)
      put(deviceSession)
    },
    countMirrored() {
      let count = 0
      for (const room of roomsWithTypists) {
        for (const { sessions } of room.typists.values()) {
          for (const device of sessions.keys()) if (mirrored.has(device)) count++
        }
      }
      return count
    },
    release,
    releaseAll(device) {
      for (const room of [...(device.typingIn ?? [])]) release(device, room)
    },
    renamed(device) {
      for (const room of device.typingIn ?? []) {
        const session = room.typists.get(device.user.id)?.sessions.get(device)
        if (!session) continue
        if (!mirrored.has(device)) change.emit({ device, room, session })
        typingUpdates.changed(room)
      }
    },
    onChange: change.on,
    close() {
      clearTimeout(sweepTimer)
      // First: the releases below are part of its last updates.
      typingUpdates.close()
      for (const room of [...roomsWithTypists]) {
        for (const { device } of sessionsIn(room)) release(device, room)
      }
    },
  }
}

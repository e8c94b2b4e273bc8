import type { User } from '../../core/message/user.ts'
import { TYPISTS, type WireTypist } from '../../core/transport/wire.ts'
import { activeDevice, deliversToOne } from '../active-device.ts'
import { serverNow } from '../clock.ts'
import type { Frame, FrameMaker } from '../connections/frame.ts'
import type { Device, Room, RoomTypist } from '../model.ts'
import type { Settings } from '../options.ts'
import type { Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'

/** How many devices get an update in one go: between two slices the event loop is free. */
const SLICE = 250

/** Most updates a second in one conversation: a tenth of a core. With more subscribers the interval is longer. */
const MAX_PER_SECOND = 6000

/** How often an update is repeated while somebody types, in milliseconds. It expires at the receiver after 90 s (R4). */
const REFRESH_INTERVAL = 60_000

/** Sends the subscribers of a conversation who types there. */
export interface TypingUpdates {
  /** Who types has changed: sends an update at once, or in a large room after the interval. */
  changed(room: Room): void
  /** Sends an update to one device, which has just subscribed or asks again. */
  deliverTo(room: Room, device: Device): void
  /** Sends one device an update without typists, because it may not see them any more. */
  deliverEmpty(room: Room, device: Device): void
  /** With `deliverTo: 'active-device'`: another device may show the typists now. */
  activeDeviceChanged(room: Room): void
  /** Repeats the update if the latest one was long ago. */
  refresh(room: Room): void
  /** Sends everybody an update without typists at once: it is the last one. */
  end(room: Room): void
}

export function createTypingUpdates(
  settings: Settings,
  rooms: Rooms,
  makeFrame: FrameMaker,
  counters: Counters,
): TypingUpdates {
  const { batchInterval, batchFrom, maxNames } = settings

  function deliver(device: Device, frame: Frame): void {
    device.deliver(frame)
    counters.typingUpdatesOut++
  }

  /**
   * Makes the update for each receiver, without the receiver's own typing (T4). Receivers who see the same share a frame,
   * so there are at most `maxNames` + 2 of them.
   */
  function createFrames({ typists, conversation, key }: Room): (device: Device) => Frame {
    const at = serverNow()
    // One more than are named: a receiver who is one of them sees the others.
    const first = [...typists.values()].slice(0, maxNames + 1)
    const namedIds = new Set(first.slice(0, maxNames).map(({ user }) => user.id))
    const frames = new Map<string | symbol, Frame>()

    function variantFor({ id }: User): string | symbol {
      if (namedIds.has(id)) return id
      return typists.has(id) ? TYPING_UNNAMED : NOT_TYPING
    }

    function makeFrameFor({ id }: User): Frame {
      const others = first.filter(({ user }) => user.id !== id).slice(0, maxNames)
      const total = typists.has(id) ? typists.size - 1 : typists.size
      return makeFrame(at, [TYPISTS, Math.round(at), conversation, total, others.map(toWire)], key)
    }

    return ({ user }) => {
      const variant = variantFor(user)
      const known = frames.get(variant)
      if (known) return known
      const frame = makeFrameFor(user)
      frames.set(variant, frame)
      return frame
    }
  }

  /** The devices that show who types in a room. */
  function receivers(room: Room): Device[] {
    if (!deliversToOne(settings, room)) return [...room.devices.keys()]
    room.activeDeviceAtUpdate = activeDevice(room)
    return room.activeDeviceAtUpdate ? [room.activeDeviceAtUpdate] : []
  }

  function deliverEmpty(room: Room, device: Device): void {
    const at = serverNow()
    deliver(device, makeFrame(at, [TYPISTS, Math.round(at), room.conversation, 0, []], room.key))
  }

  function deliverToAll(room: Room): void {
    room.updateTimer = undefined
    const signature = signatureOf(room)
    if (signature === room.lastSignature) return
    room.lastSignature = signature
    room.lastUpdateAt = serverNow()
    const frameFor = createFrames(room)
    const waiting = receivers(room)

    const deliverSlice = () => {
      for (const device of waiting.splice(0, SLICE)) {
        if (room.devices.has(device)) deliver(device, frameFor(device))
      }
      room.isSending = waiting.length > 0
      if (room.isSending) setImmediate(deliverSlice)
      else if (signatureOf(room) !== room.lastSignature) changed(room)
      else rooms.closeIfEmpty(room)
    }
    deliverSlice()
  }

  /** Least time between two updates of a room, in milliseconds. */
  function intervalOf({ devices }: Room): number {
    if (devices.size < batchFrom) return 0
    return Math.max(batchInterval, (devices.size / MAX_PER_SECOND) * 1000)
  }

  function changed(room: Room): void {
    if (room.isSending || room.updateTimer) return
    const wait = room.lastUpdateAt + intervalOf(room) - serverNow()
    if (wait > 0) room.updateTimer = setTimeout(deliverToAll, wait, room).unref()
    else deliverToAll(room)
  }

  return {
    changed,
    deliverEmpty,
    deliverTo(room, device) {
      if (room.typists.size && receivers(room).includes(device)) deliver(device, createFrames(room)(device))
    },
    activeDeviceChanged(room) {
      const before = room.activeDeviceAtUpdate
      const [now] = receivers(room)
      if (!room.typists.size || now === before) return
      if (now) deliver(now, createFrames(room)(now))
      if (before && room.devices.has(before)) deliverEmpty(room, before)
    },
    refresh(room) {
      if (serverNow() - room.lastUpdateAt < REFRESH_INTERVAL) return
      room.lastSignature = undefined
      changed(room)
    },
    end(room) {
      clearTimeout(room.updateTimer)
      for (const device of room.devices.keys()) deliverEmpty(room, device)
    },
  }
}

/** Receivers who type and are not named, and receivers who do not type: each of the two kinds gets one frame. */
const TYPING_UNNAMED = Symbol('types, not named')
const NOT_TYPING = Symbol('does not type')

/** What receivers can tell apart: who types, and what they do. */
const signatureOf = ({ typists }: Room): string => JSON.stringify([...typists.values()].map(toWire))

/** A typist as the latest session shows them: a message from one device does not hide typing on another (R6). */
function toWire({ user, sessions }: RoomTypist): WireTypist {
  const latest = [...sessions.values()].at(-1)
  const since = latest?.since ?? 0
  const activity = latest?.activity ?? 'typing'
  if (activity === 'typing') return { ...user, since }
  return { ...user, activity, since }
}

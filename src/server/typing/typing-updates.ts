import { TYPISTS, type WireTypist } from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import type { Device, Room, RoomTypist } from '../model.ts'
import { activeDevice } from '../active-device.ts'
import type { Frame, FrameMaker } from '../connections/frame.ts'
import type { Settings } from '../options.ts'
import type { Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'

/** How many devices are told in one go: between two slices the event loop is free. */
const SLICE = 250

/** Most digests a second in one conversation: a tenth of a core. With more listeners the interval is longer. */
const MOST_A_SECOND = 6000

/** How often a digest is told again while somebody types, in milliseconds. It lapses at the receiver after 90 s. */
const REFRESH = 60_000

/** Tells those who listen who types. */
export interface TypingUpdates {
  /** Something has changed: told at once, or in a large room with the next digest. */
  changed(room: Room): void
  /** Tells one device that has just begun to listen, or asks again. */
  deliverTo(room: Room, device: Device): void
  /** Tells one device that nobody types, whoever does: it is not to know any more. */
  deliverEmpty(room: Room, device: Device): void
  /** Only the latest device is told, and that may be another one now. */
  activeDeviceChanged(room: Room): void
  /** Tells it again when it has not been told for long. */
  refresh(room: Room): void
  /** Tells everybody that nobody types any more, without waiting for the next digest: there will be none. */
  end(room: Room): void
}

export function createTypingUpdates(
  settings: Settings,
  rooms: Rooms,
  makeFrame: FrameMaker,
  counters: Counters,
): TypingUpdates {
  const { batchInterval, batchFrom, maxNames, activeDeviceOnly } = settings

  const hand = (device: Device, frame: Frame) => {
    device.deliver(frame)
    counters.typingUpdatesOut++
  }

  /** The digest as each reader gets it: without themselves (T4), which makes at most `names` + 2 of them. */
  function variants({ typists, conversation, key }: Room): (device: Device) => Frame {
    const first = [...typists.values()].slice(0, maxNames + 1)
    const names = new Set(first.slice(0, maxNames).map(({ user }) => user.id))
    const at = serverNow()
    const made = new Map<string | undefined, Frame>()
    return ({ user: { id } }) => {
      const types = typists.has(id)
      const variant = names.has(id) ? id : types ? '' : undefined
      const known = made.get(variant)
      if (known) return known
      const others = first.filter(({ user }) => user.id !== variant)
      const total = typists.size - (types ? 1 : 0)
      const args = [TYPISTS, Math.round(at), conversation, total, others.slice(0, maxNames).map(onWire)] as const
      const frame = makeFrame(at, args, key)
      made.set(variant, frame)
      return frame
    }
  }

  const readers = (room: Room): Device[] => {
    if (!activeDeviceOnly || room.conversation.group !== undefined) return [...room.devices.keys()]
    room.activeDeviceAtUpdate = activeDevice(room)
    return room.activeDeviceAtUpdate ? [room.activeDeviceAtUpdate] : []
  }

  const tellNobody = (room: Room, device: Device) => {
    const at = serverNow()
    hand(device, makeFrame(at, [TYPISTS, Math.round(at), room.conversation, 0, []], room.key))
  }

  function publish(room: Room): void {
    room.updateTimer = undefined
    const now = signature(room)
    if (now === room.lastSignature) return
    room.lastSignature = now
    room.lastUpdateAt = serverNow()
    const frameFor = variants(room)
    const devices = readers(room)
    const slice = () => {
      for (const device of devices.splice(0, SLICE)) if (room.devices.has(device)) hand(device, frameFor(device))
      room.isSending = devices.length > 0
      if (room.isSending) setImmediate(slice)
      else if (signature(room) !== room.lastSignature) changed(room)
      else rooms.closeIfEmpty(room)
    }
    slice()
  }

  function changed(room: Room): void {
    if (room.isSending || room.updateTimer) return
    const { size } = room.devices
    const interval = size < batchFrom ? 0 : Math.max(batchInterval, (size / MOST_A_SECOND) * 1000)
    const wait = room.lastUpdateAt + interval - serverNow()
    if (wait > 0) room.updateTimer = setTimeout(publish, wait, room).unref()
    else publish(room)
  }

  return {
    changed,
    deliverEmpty: tellNobody,
    deliverTo(room, device) {
      if (room.typists.size && readers(room).includes(device)) hand(device, variants(room)(device))
    },
    activeDeviceChanged(room) {
      const before = room.activeDeviceAtUpdate
      const [now] = readers(room)
      if (!room.typists.size || now === before) return
      if (now) hand(now, variants(room)(now))
      if (before && room.devices.has(before)) tellNobody(room, before)
    },
    refresh(room) {
      if (serverNow() - room.lastUpdateAt < REFRESH) return
      room.lastSignature = undefined
      changed(room)
    },
    end(room) {
      clearTimeout(room.updateTimer)
      for (const device of room.devices.keys()) tellNobody(room, device)
    },
  }
}

/** The latest device's session: a message from one device does not hide what the other goes on to type (R6). */
const shown = ({ sessions }: RoomTypist) => [...sessions.values()].at(-1)

/** What readers can tell apart: who types, and what. */
const signature = ({ typists }: Room) => JSON.stringify([...typists.values()].map(onWire))

function onWire(typist: RoomTypist): WireTypist {
  const { activity = 'typing', since = 0 } = shown(typist) ?? {}
  return { ...typist.user, ...(activity !== 'typing' && { activity }), since }
}

import { TYPISTS } from '../../core/transport/wire.ts'
import { activeDevice, deliversToOne } from '../active-device.ts'
import { serverNow } from '../clock.ts'
import type { Frame, FrameMaker } from '../connections/frame.ts'
import type { Device, Room } from '../model.ts'
import type { Settings } from '../options.ts'
import type { Rooms } from '../rooms.ts'
import type { Counters } from '../stats.ts'
import { EMPTY_VIEW, NOBODY_SHOWN, type Shown, type View } from './shown.ts'
import { takeShown } from './views.ts'

/** How many devices get an update in one go: between two slices the event loop is free. */
const SLICE = 250

/** Most updates a second in one conversation: a tenth of a core. With more subscribers the interval is longer. */
const MAX_PER_SECOND = 6000

/** How often an update is repeated while somebody types, in milliseconds. It expires at the receiver after 90 s (R4). */
const REPEAT_INTERVAL = 60_000

/**
 * Sends the subscribers of a conversation who types there. A device gets an update only if that changes what it sees: the
 * other devices of a typist see no change when their user begins to type.
 */
export interface TypingUpdates {
  /** Who types has changed: sends an update at once, or in a large room after the interval. */
  changed(room: Room): void
  /** Sends an update to one device, which has just subscribed or asks again. */
  deliverTo(room: Room, device: Device): void
  /** Takes back what one device sees, because it may not see it any more. */
  hideFrom(room: Room, device: Device): void
  /** With `deliverTo: 'active-device'`: another device may show the typists now. */
  activeDeviceChanged(room: Room): void
  /** Repeats the update if the latest one to everybody was long ago. */
  repeat(room: Room): void
  /** Takes back what everybody sees, at once. Nothing is sent after it. */
  close(): void
}

export function createTypingUpdates(
  settings: Settings,
  rooms: Rooms,
  makeFrame: FrameMaker,
  counters: Counters,
): TypingUpdates {
  const { batchInterval, batchFrom, maxNames } = settings
  let isClosed = false

  function deliver(device: Device, frame: Frame): void {
    device.deliver(frame)
    counters.typingUpdatesOut++
  }

  function makeFrameOf(room: Room, { total, typists }: View): Frame {
    const at = serverNow()
    return makeFrame(at, [TYPISTS, Math.round(at), room.conversation, total, typists], room.key)
  }

  /** The devices that show who types in a room. */
  function receivers(room: Room): Device[] {
    if (!deliversToOne(settings, room)) return [...room.devices.keys()]
    room.activeDeviceAtUpdate = activeDevice(room)
    return room.activeDeviceAtUpdate ? [room.activeDeviceAtUpdate] : []
  }

  function deliverToAll(room: Room): void {
    room.updateTimer = undefined
    const before = room.shown
    const now = takeShown(room, maxNames)
    const isRepeat = before !== NOBODY_SHOWN && isRepeatDue(room)
    if (now.signature === before.signature && !isRepeat) return
    room.shown = now
    room.lastUpdateAt = serverNow()
    // Everybody who sees anything from now on gets it now.
    if (isRepeat || before === NOBODY_SHOWN) room.repeatedAt = room.lastUpdateAt
    deliverInSlices(room, { before, now, isRepeat })
  }

  function deliverInSlices(room: Room, { before, now, isRepeat }: Change): void {
    const frames = new Map<View, Frame>()
    const waiting = receivers(room)

    const deliverView = (device: Device, view: View) => {
      const frame = frames.get(view) ?? makeFrameOf(room, view)
      frames.set(view, frame)
      deliver(device, frame)
    }
    const deliverSlice = () => {
      if (isClosed) return
      for (const device of waiting.splice(0, SLICE)) {
        // It may have unsubscribed since the slice before, or its access may have been revoked.
        if (!room.devices.has(device)) continue
        const view = now.viewOf(device.user.id)
        const isChanged = view.key !== before.viewOf(device.user.id).key
        if (isChanged || (isRepeat && view.total > 0)) deliverView(device, view)
      }
      room.isSending = waiting.length > 0
      if (room.isSending) setImmediate(deliverSlice)
      else if (takeShown(room, maxNames).signature !== now.signature) changed(room)
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
    if (isClosed || room.isSending || room.updateTimer) return
    const wait = room.lastUpdateAt + intervalOf(room) - serverNow()
    if (wait > 0) room.updateTimer = setTimeout(deliverToAll, wait, room).unref()
    else deliverToAll(room)
  }

  /** Sends a device what all others of the room were sent last: the next update is a change from that. */
  function deliverShown(room: Room, device: Device): void {
    const view = room.shown.viewOf(device.user.id)
    if (view.total > 0) deliver(device, makeFrameOf(room, view))
  }

  function hideFrom(room: Room, device: Device): void {
    // While an update is sent in slices, this device may still see what was shown before.
    const mayShow = room.isSending || room.shown.viewOf(device.user.id).total > 0
    if (mayShow) deliver(device, makeFrameOf(room, EMPTY_VIEW))
  }

  return {
    changed,
    hideFrom,
    deliverTo(room, device) {
      if (receivers(room).includes(device)) deliverShown(room, device)
    },
    activeDeviceChanged(room) {
      const before = room.activeDeviceAtUpdate
      const [now] = receivers(room)
      if (now === before) return
      if (now) deliverShown(room, now)
      if (before && room.devices.has(before)) hideFrom(room, before)
    },
    repeat(room) {
      if (isRepeatDue(room)) changed(room)
    },
    close() {
      isClosed = true
      for (const room of rooms.all()) {
        clearTimeout(room.updateTimer)
        for (const device of room.devices.keys()) hideFrom(room, device)
      }
    },
  }
}

const isRepeatDue = (room: Room): boolean => serverNow() - room.repeatedAt >= REPEAT_INTERVAL

/** What an update changes. */
interface Change {
  readonly before: Shown
  readonly now: Shown
  /** Also who sees no change gets an update, so that what they see does not expire (R4). */
  readonly isRepeat: boolean
}

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { serverNow } from '../../../src/server/clock.ts'
import type { Conversation } from '../../../src/core/index.ts'
import { TYPISTS } from '../../../src/core/transport/wire.ts'
import type { Frame } from '../../../src/server/connections/frame.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import type { Device, Room } from '../../../src/server/model.ts'
import { type OnlineMessageServerOptions, readOptions } from '../../../src/server/options.ts'
import { addTypist, createRooms, removeTypist } from '../../../src/server/rooms.ts'
import { createCounters } from '../../../src/server/stats.ts'
import { createTypingUpdates } from '../../../src/server/typing/typing-updates.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** How many devices get an update in one go. */
const SLICE = 250
const REPEAT_INTERVAL = 60_000

/** A reader, with the totals that it was sent. */
interface Reader {
  readonly device: Device
  readonly totals: number[]
}

function scene(options: Partial<OnlineMessageServerOptions> = {}, conversation: Conversation = { group: 'team' }) {
  const settings = readOptions({ identify: () => null, authorize: 'anyone', ...options })
  const rooms = createRooms()
  const counters = createCounters()
  const frames: Frame[] = []
  const updates = createTypingUpdates(
    settings,
    rooms,
    (at, args, replaces) => {
      const frame: Frame = { at, args, replaces, encoded: () => [] }
      frames.push(frame)
      return frame
    },
    counters,
  )
  const room = rooms.openInbox('bob', conversation)
  let lastActiveAt = 0
  const add = (id: string, where: Room = room): Reader => {
    const totals: number[] = []
    const device = createDevice({ id }, ({ args }) => totals.push(args[3] as number))
    device.lastActiveAt = ++lastActiveAt
    where.devices.set(device, 0)
    return { device, totals }
  }
  const setTyping = (id: string, isTyping: boolean, where: Room = room) => {
    const session = { activity: 'typing' as const, since: 5, until: Infinity }
    if (isTyping) addTypist(where, id, { sessions: new Map([[createDevice({ id }, () => {}), session]]) })
    else removeTypist(where, id)
    updates.changed(where)
  }
  return {
    rooms,
    room,
    counters,
    frames,
    updates,
    add,
    begin: (id: string, where?: Room) => setTyping(id, true, where),
    stop: (id: string, where?: Room) => setTyping(id, false, where),
  }
}

describe('in a small room', () => {
  test('a change is sent at once to everybody, as one frame that a later one replaces', () => {
    const { room, frames, add, begin, stop, counters } = scene({ typingUpdates: { batchFrom: 3 } })
    const readers = [add('bob'), add('cy')]
    begin('ann')
    expect(frames).toHaveLength(1)
    const [frame] = frames
    expect(frame).toMatchObject({ at: serverNow(), replaces: room.key })
    expect(frame?.args).toEqual([TYPISTS, Math.round(serverNow()), room.conversation, 1, [{ id: 'ann', since: 5 }]])
    stop('ann')
    expect(readers.map(({ totals }) => totals)).toEqual([
      [1, 0],
      [1, 0],
    ])
    expect(counters.typingUpdatesOut).toBe(4)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('nothing is sent when nothing has changed, and a room that nobody needs any more is closed', () => {
    const { rooms, room, add, begin, stop, updates } = scene()
    const bob = add('bob')
    begin('ann')
    updates.changed(room)
    expect(bob.totals).toEqual([1])
    room.devices.clear()
    stop('ann')
    expect([...rooms.all()]).toEqual([])
  })
})

describe('in a large room', () => {
  const large = { typingUpdates: { batchFrom: 2, batchInterval: 1000 } }

  test('updates are sent at most once per interval, and what is undone meanwhile is not sent', () => {
    const { add, begin, stop } = scene(large)
    const [bob] = [add('bob'), add('cy')]
    begin('ann')
    begin('di')
    begin('ed')
    expect(bob.totals).toEqual([1])
    expect(vi.getTimerCount()).toBe(1)
    vi.advanceTimersByTime(999)
    expect(bob.totals).toEqual([1])
    vi.advanceTimersByTime(1)
    expect(bob.totals).toEqual([1, 3])
    stop('ed')
    begin('ed')
    vi.advanceTimersByTime(1000)
    expect([bob.totals, vi.getTimerCount()]).toEqual([[1, 3], 0])
    // An update that was not sent does not put the next one off.
    stop('ed')
    expect(bob.totals).toEqual([1, 3, 2])
  })

  test('the interval grows with the room: at most 6,000 updates are sent in a second', () => {
    const { add, begin } = scene({ typingUpdates: { batchFrom: 2, batchInterval: 50 } })
    const readers = Array.from({ length: 600 }, (_, n) => add(`reader-${n}`))
    begin('ann')
    vi.advanceTimersByTime(50)
    expect(readers.at(-1)?.totals).toEqual([1])
    begin('di')
    vi.advanceTimersByTime(49)
    expect(readers[0]?.totals).toEqual([1])
    vi.advanceTimersByTime(1)
    expect(readers[0]?.totals).toEqual([1, 2])
  })

  test('it is sent in slices, and a device that has unsubscribed before its slice gets nothing', () => {
    const { room, add, begin } = scene()
    const readers = Array.from({ length: 2 * SLICE + 1 }, (_, n) => add(`reader-${n}`))
    const [first, secondSlice, last] = [readers[0]!, readers[SLICE]!, readers.at(-1)!]
    begin('ann')
    expect([room.isSending, first.totals, secondSlice.totals]).toEqual([true, [1], []])
    // Changes wait until it has been sent.
    begin('di')
    expect(first.totals).toEqual([1])
    room.devices.delete(last.device)
    vi.advanceTimersToNextTimer()
    expect([room.isSending, secondSlice.totals]).toEqual([true, [1]])
    vi.advanceTimersByTime(10_000)
    expect([room.isSending, last.totals, first.totals, secondSlice.totals]).toEqual([false, [], [1, 2], [1, 2]])
  })
})

test('R3: while an update is sent in slices no other one overtakes it, however soon it would be due', () => {
  const { add, begin, stop } = scene({ typingUpdates: { batchFrom: 10_000 } })
  const readers = Array.from({ length: SLICE + 1 }, (_, n) => add(`reader-${n}`))
  const [first, last] = [readers[0]!, readers.at(-1)!]
  begin('ann')
  begin('di')
  stop('ann')
  expect([first.totals, last.totals]).toEqual([[1], []])
  vi.advanceTimersByTime(1000)
  expect([first.totals, last.totals]).toEqual([
    [1, 1],
    [1, 1],
  ])
})

describe('R4: an update is repeated', () => {
  test('every minute while somebody types, also to those who see no change, but not to those who see nobody', () => {
    const { room, add, begin, updates } = scene()
    const [ann, bob] = [add('ann'), add('bob')]
    begin('ann')
    updates.repeat(room)
    vi.advanceTimersByTime(REPEAT_INTERVAL - 1)
    updates.repeat(room)
    expect(bob.totals).toEqual([1])
    vi.advanceTimersByTime(1)
    updates.repeat(room)
    updates.repeat(room)
    expect([ann.totals, bob.totals]).toEqual([[], [1, 1]])
    vi.advanceTimersByTime(REPEAT_INTERVAL)
    updates.repeat(room)
    expect(bob.totals).toEqual([1, 1, 1])
  })

  test('together with a change, if it is due then; a change before that puts nothing off', () => {
    const { room, add, begin, stop, updates } = scene()
    const [bob, di] = [add('bob'), add('di')]
    begin('ann')
    vi.advanceTimersByTime(REPEAT_INTERVAL / 2)
    // Di sees no change.
    begin('di')
    vi.advanceTimersByTime(REPEAT_INTERVAL / 2)
    stop('di')
    expect([bob.totals, di.totals]).toEqual([
      [1, 2, 1],
      [1, 1],
    ])
    updates.repeat(room)
    expect(di.totals).toEqual([1, 1])
  })

  test('and the time begins again when somebody types after nobody did', () => {
    const { room, add, begin, stop, updates } = scene()
    const bob = add('bob')
    begin('ann')
    stop('ann')
    vi.advanceTimersByTime(REPEAT_INTERVAL)
    begin('ann')
    updates.repeat(room)
    expect(bob.totals).toEqual([1, 0, 1])
    // Nobody types any more: nothing is repeated.
    stop('ann')
    vi.advanceTimersByTime(REPEAT_INTERVAL)
    updates.repeat(room)
    expect(bob.totals).toEqual([1, 0, 1, 0])
  })
})

describe('one device', () => {
  test('gets what the others were sent last when it subscribes, and nothing if that is nobody', () => {
    const { room, add, begin, updates } = scene({ typingUpdates: { batchFrom: 1 } })
    add('bob')
    const early = add('cy')
    updates.deliverTo(room, early.device)
    begin('ann')
    begin('di')
    const [late, own, stranger] = [add('late'), add('ann'), add('stranger')]
    room.devices.delete(stranger.device)
    for (const { device } of [late, own, stranger]) updates.deliverTo(room, device)
    // Di waits for the next update.
    expect([early.totals, late.totals, own.totals, stranger.totals]).toEqual([[1], [1], [], []])
  })

  test('is sent that nobody types when it may not see it any more, unless it sees nobody', () => {
    const { room, add, begin, updates } = scene()
    const [ann, bob] = [add('ann'), add('bob')]
    updates.hideFrom(room, bob.device)
    begin('ann')
    for (const { device } of [ann, bob]) updates.hideFrom(room, device)
    expect([ann.totals, bob.totals]).toEqual([[], [1, 0]])
  })

  test('is also sent that while an update is under way in slices: it may still see what was shown before', () => {
    const { room, add, begin, stop, updates } = scene()
    const readers = Array.from({ length: SLICE + 1 }, (_, n) => add(`reader-${n}`))
    const last = readers.at(-1)!
    begin('ann')
    vi.advanceTimersByTime(10)
    stop('ann')
    updates.hideFrom(room, last.device)
    expect(last.totals).toEqual([1, 0])
  })
})

describe('deliverTo: active-device', () => {
  const oneToOne = { user: 'ann' }
  const start = () => scene({ deliverTo: 'active-device' }, oneToOne)

  test('the active device alone shows who types, and it moves with it', () => {
    const { room, add, begin, updates } = start()
    const [phone, laptop] = [add('bob'), add('bob')]
    begin('ann')
    updates.deliverTo(room, phone.device)
    updates.deliverTo(room, laptop.device)
    expect([phone.totals, laptop.totals]).toEqual([[], [1, 1]])
    updates.activeDeviceChanged(room)
    phone.device.lastActiveAt = 99
    updates.activeDeviceChanged(room)
    updates.activeDeviceChanged(room)
    expect([phone.totals, laptop.totals]).toEqual([[1], [1, 1, 0]])
  })

  test('it is hidden when the active device is on another node, and nothing is sent to a device that has gone', () => {
    const { room, add, begin, updates } = start()
    const [phone, laptop] = [add('bob'), add('bob')]
    begin('ann')
    room.isActiveElsewhere = true
    updates.activeDeviceChanged(room)
    expect([phone.totals, laptop.totals]).toEqual([[], [1, 0]])
    room.isActiveElsewhere = false
    updates.activeDeviceChanged(room)
    room.devices.delete(laptop.device)
    updates.activeDeviceChanged(room)
    expect([phone.totals, laptop.totals]).toEqual([[1], [1, 0, 1]])
  })

  test('a group has all devices all the same', () => {
    const { add, begin } = scene({ deliverTo: 'active-device' })
    const [phone, laptop] = [add('bob'), add('bob')]
    begin('ann')
    expect([phone.totals, laptop.totals]).toEqual([[1], [1]])
  })
})

describe('close()', () => {
  test('takes back what everybody sees, at once, and sends nothing after it', () => {
    const { room, rooms, add, begin, stop, updates } = scene({ typingUpdates: { batchFrom: 1 } })
    const other = rooms.openInbox('bob', { group: 'other' })
    const [ann, bob, elsewhere] = [add('ann'), add('bob'), add('bob', other)]
    begin('ann')
    begin('ann', other)
    begin('di')
    expect(vi.getTimerCount()).toBe(1)
    updates.close()
    expect([ann.totals, bob.totals, elsewhere.totals]).toEqual([[], [1, 0], [1, 0]])
    expect(vi.getTimerCount()).toBe(0)
    stop('ann')
    vi.advanceTimersByTime(REPEAT_INTERVAL)
    updates.repeat(room)
    expect(bob.totals).toEqual([1, 0])
  })

  test('ends an update that is being sent in slices', () => {
    const { add, begin, updates } = scene()
    const readers = Array.from({ length: SLICE + 1 }, (_, n) => add(`reader-${n}`))
    begin('ann')
    updates.close()
    vi.advanceTimersByTime(10)
    expect(readers[0]?.totals).toEqual([1, 0])
    expect(readers.at(-1)?.totals).toEqual([0])
  })
})

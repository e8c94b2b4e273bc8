import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { serverNow } from '../../../src/server/clock.ts'
import type { Activity } from '../../../src/core/index.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import type { Room } from '../../../src/server/model.ts'
import { createRooms } from '../../../src/server/rooms.ts'
import { createCounters } from '../../../src/server/stats.ts'
import { createLeases, type LeaseChange } from '../../../src/server/typing/leases.ts'
import { startLog } from '../../support/server/log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** Expired leases are looked for this often, in milliseconds. */
const SWEEP_INTERVAL = 500
/** The longest life of a lease, in milliseconds. */
const MAX_LEASE_TTL = 60_000

function scene() {
  const rooms = createRooms()
  const counters = createCounters()
  const changed: Room[] = []
  const repeated: Room[] = []
  let closedWith: number | undefined
  const nothing = () => {}
  const leases = createLeases(
    rooms,
    {
      changed: (room) => changed.push(room),
      deliverTo: nothing,
      hideFrom: nothing,
      activeDeviceChanged: nothing,
      repeat: (room) => repeated.push(room),
      close: () => {
        closedWith = counters.leases
      },
    },
    counters,
  )
  const changes: LeaseChange[] = []
  leases.onChange((change) => changes.push(change))
  const room = rooms.openOutbox('ann', { group: 'team' })
  const newDevice = (id: string) => createDevice({ id }, nothing)
  const ann = newDevice('ann')
  const take = (device = ann, ttl = 7000, activity: Activity = 'typing', where = room) =>
    leases.take({ device, room: where, ttl, activity })
  const sessionOf = (device = ann, where = room) => where.typists.get(device.user.id)?.sessions.get(device)
  return {
    rooms,
    counters,
    changed,
    repeated,
    leases,
    changes,
    room,
    ann,
    newDevice,
    take,
    sessionOf,
    leasesWhenUpdatesClosed: () => closedWith,
  }
}

test('S5: a lease lives as long as it asks for, and no longer than a minute', () => {
  const { take, sessionOf, counters, changes, room, ann } = scene()
  take()
  const session = sessionOf()
  expect(session).toEqual({ activity: 'typing', since: Math.round(serverNow()), until: serverNow() + 7000 })
  expect(counters.leases).toBe(1)
  expect(changes).toEqual([{ device: ann, room, session }])
  take(ann, MAX_LEASE_TTL + 1)
  expect(sessionOf()?.until).toBe(serverNow() + MAX_LEASE_TTL)
})

test('R2: a renewal changes nothing but the end; another activity keeps the beginning', () => {
  const { take, sessionOf, counters, changes, changed } = scene()
  take()
  const since = sessionOf()?.since
  vi.advanceTimersByTime(5000)
  take()
  expect([changes.length, changed.length, sessionOf()?.since, sessionOf()?.until]).toEqual([
    1,
    1,
    since,
    serverNow() + 7000,
  ])
  take(undefined, 7000, 'recording')
  expect(sessionOf()).toEqual({ activity: 'recording', since, until: serverNow() + 7000 })
  expect([changes.length, changed.length, counters.leases]).toEqual([2, 2, 1])
})

test('R6: of several sessions of a typist the one that began or changed last is shown', () => {
  const { take, room, newDevice, ann } = scene()
  const phone = newDevice('ann')
  take()
  take(phone)
  const order = () => [...(room.typists.get('ann')?.sessions.keys() ?? [])]
  expect(order()).toEqual([ann, phone])
  take(ann, 7000, 'recording')
  expect(order()).toEqual([phone, ann])
})

test('S5: an expired lease ends within 500 ms, is logged, and leaves neither a room nor a timer', () => {
  const lines = startLog('typing')
  const { take, room, rooms, counters, changes, ann } = scene()
  take(ann, 700)
  vi.advanceTimersByTime(SWEEP_INTERVAL)
  expect(room.typists.size).toBe(1)
  vi.advanceTimersByTime(SWEEP_INTERVAL - 1)
  expect(room.typists.size).toBe(1)
  vi.advanceTimersByTime(1)
  expect([room.typists.size, [...rooms.all()], counters.leases, ann.typingIn?.size]).toEqual([0, [], 0, 0])
  expect(changes.at(-1)).toEqual({ device: ann, room, session: undefined })
  expect(vi.getTimerCount()).toBe(0)
  expect(lines).toHaveLength(1)
  expect(lines[0]).toContain('lease ended (expired): user "ann" in {"group":"team"}')
})

test('S5: a lease that ends at the moment of the search has ended', () => {
  const { take, room } = scene()
  take(undefined, SWEEP_INTERVAL)
  vi.advanceTimersByTime(SWEEP_INTERVAL)
  expect(room.typists.size).toBe(0)
})

test('R4: while somebody types, an update is asked for at every search, and not after the last one', () => {
  const { take, room, repeated, ann, newDevice } = scene()
  take(ann, 1200)
  take(newDevice('bob'), 1700)
  vi.advanceTimersByTime(10_000)
  expect(repeated).toEqual([room, room, room])
})

test('a new search begins with the next lease', () => {
  const { take, room } = scene()
  take(undefined, 100)
  vi.advanceTimersByTime(5000)
  expect(vi.getTimerCount()).toBe(0)
  take(undefined, 100)
  take(undefined, 100)
  expect(vi.getTimerCount()).toBe(1)
  vi.advanceTimersByTime(5000)
  expect(room.typists.size).toBe(0)
})

test('a release ends the session of one device in one room, and one that is repeated does nothing', () => {
  const { take, leases, room, rooms, counters, changed, changes, newDevice, ann } = scene()
  const other = rooms.openOutbox('ann', { group: 'other' })
  const [phone, bob] = [newDevice('ann'), newDevice('bob')]
  for (const device of [ann, phone, bob]) take(device)
  take(ann, 7000, 'typing', other)
  const before = changed.length
  leases.release(ann, room)
  leases.release(ann, room)
  expect([changed.length - before, changes.length, counters.leases]).toEqual([1, 5, 3])
  expect([...room.typists.keys()]).toEqual(['ann', 'bob'])
  expect([...(ann.typingIn ?? [])]).toEqual([other])
  leases.release(phone, room)
  expect([...room.typists.keys()]).toEqual(['bob'])
  // Nobody has typed there, and nothing is known of this room.
  leases.release(newDevice('cy'), room)
  expect([counters.leases, changes.length]).toEqual([2, 6])
})

test('releaseAll() ends all sessions of a device, also of one that has none', () => {
  const { take, leases, rooms, counters, newDevice, ann } = scene()
  take()
  take(ann, 7000, 'typing', rooms.openOutbox('ann', { group: 'other' }))
  const bob = newDevice('bob')
  take(bob)
  leases.releaseAll(ann)
  leases.releaseAll(newDevice('cy'))
  expect([counters.leases, ann.typingIn?.size, bob.typingIn?.size]).toEqual([1, 0, 1])
})

test('a mirrored lease is shown and expires, and is neither counted nor published', () => {
  const { leases, room, rooms, counters, changes, changed, newDevice, take } = scene()
  const far = newDevice('far')
  take()
  changes.length = 0
  leases.mirror({ device: far, room, session: { activity: 'photo', since: 5, until: serverNow() + 900 } })
  expect([[...room.typists.keys()], leases.countMirrored(), counters.leases, changed.length]).toEqual([
    ['ann', 'far'],
    1,
    1,
    2,
  ])
  leases.renamed(far)
  expect([changes, changed.length]).toEqual([[], 3])
  vi.advanceTimersByTime(1000)
  expect([[...room.typists.keys()], leases.countMirrored(), counters.leases, changes]).toEqual([['ann'], 0, 1, []])
  vi.advanceTimersByTime(MAX_LEASE_TTL)
  expect([...rooms.all()]).toEqual([])
})

test('I1: a new name is sent where the device types, and published for a device of this node', () => {
  const { leases, take, changes, changed, room, ann, newDevice, sessionOf } = scene()
  take()
  leases.renamed(ann)
  leases.renamed(newDevice('ann'))
  expect(changed).toEqual([room, room])
  expect(changes.slice(1)).toEqual([{ device: ann, room, session: sessionOf() }])
})

test('close() releases all leases of all rooms after the updates have been closed, and stops the search', () => {
  const { leases, take, rooms, counters, newDevice, ann, leasesWhenUpdatesClosed } = scene()
  take()
  take(newDevice('bob'))
  take(ann, 7000, 'typing', rooms.openOutbox('ann', { group: 'other' }))
  leases.close()
  expect([leasesWhenUpdatesClosed(), counters.leases, [...rooms.all()], vi.getTimerCount()]).toEqual([3, 0, [], 0])
})

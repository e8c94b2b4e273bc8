import { afterEach, expect, test, vi } from 'vitest'
import type { Conversation } from '../../../src/core/index.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import { serverNow } from '../../../src/server/clock.ts'
import { type AuthorizationRequest, readOptions } from '../../../src/server/options.ts'
import { createRooms } from '../../../src/server/rooms.ts'
import { createCounters } from '../../../src/server/stats.ts'
import { createLeases } from '../../../src/server/typing/leases.ts'
import { createPendingLeases } from '../../../src/server/typing/pending-leases.ts'
import { createTypingUpdates } from '../../../src/server/typing/typing-updates.ts'
import { startLog } from '../../support/server/log.ts'

const group = { group: 'team' }
const open = new Set<() => void>()
afterEach(() => {
  for (const close of open) close()
  open.clear()
})

/** Pending leases beside real leases and rooms. Every question to `authorize` waits until the test answers it. */
function scene() {
  const answers: ((yes: boolean) => void)[] = []
  const authorize = vi.fn((_: AuthorizationRequest) => new Promise<boolean>((resolve) => answers.push(resolve)))
  const settings = readOptions({ identify: () => null, authorize })
  const rooms = createRooms()
  const counters = createCounters()
  const makeFrame = vi.fn()
  const leases = createLeases(rooms, createTypingUpdates(settings, rooms, makeFrame, counters), counters)
  open.add(() => leases.close())
  const markActive = vi.fn()
  const pendingLeases = createPendingLeases({ settings, rooms, leases, counters, markActive })
  const device = createDevice({ id: 'ann' }, () => {})
  const request = (ttl: number, changes: { activity?: 'recording'; conversation?: Conversation; at?: number } = {}) =>
    pendingLeases.request(device, { at: serverNow(), ttl, activity: 'typing', conversation: group, ...changes })
  const activities = () =>
    [...(rooms.outbox('ann', group)?.typists.values() ?? [])].flatMap(({ sessions }) =>
      [...sessions.values()].map(({ activity }) => activity),
    )
  return { answers, authorize, counters, device, leases, rooms, pendingLeases, request, activities, markActive }
}

test('a lease is taken when authorize allows it, and not before', async () => {
  const { answers, request, activities, device, markActive } = scene()
  const result = request(7000)
  expect([activities(), device.pendingLeases?.size]).toEqual([[], 1])
  expect(markActive).toHaveBeenCalledWith(device)
  answers[0]!(true)
  expect(await result).toEqual({ ok: true })
  expect([activities(), device.pendingLeases?.size]).toEqual([['typing'], 0])
})

test('while it is pending, a renewal is not asked for again and changes what will be taken', async () => {
  const { answers, request, activities } = scene()
  const result = request(7000)
  expect(request(7000, { activity: 'recording' })).toEqual({ ok: true })
  expect(answers).toHaveLength(1)
  answers[0]!(true)
  await result
  expect(activities()).toEqual(['recording'])
})

test('S4: a release overtakes a pending lease, which is never taken', async () => {
  const { answers, request, activities } = scene()
  const result = request(7000)
  expect(request(0)).toEqual({ ok: true })
  answers[0]!(true)
  expect(await result).toEqual({ ok: true })
  expect(activities()).toEqual([])
})

test('a lease after a release waits for its own answer: the answer to the first one does not take it', async () => {
  const { answers, request, activities } = scene()
  const first = request(7000)
  expect(request(0)).toEqual({ ok: true })
  const second = request(7000, { activity: 'recording' })
  answers[0]!(true)
  await first
  expect(activities()).toEqual([])
  answers[1]!(true)
  await second
  expect(activities()).toEqual(['recording'])
})

test('a refused renewal ends the session; a refusal that comes too late does not end the next one', async () => {
  const { answers, counters, request, activities } = scene()
  const first = request(7000)
  answers[0]!(true)
  await first
  const renewal = request(7000)
  answers[1]!(false)
  expect(await renewal).toMatchObject({ ok: false, code: 'forbidden' })
  expect([activities(), counters.dropped.forbidden]).toEqual([[], 1])

  const late = request(7000)
  expect(request(0)).toEqual({ ok: true })
  const next = request(7000)
  answers[3]!(true)
  await next
  answers[2]!(false)
  expect(await late).toMatchObject({ ok: false, code: 'forbidden' })
  expect(activities()).toEqual(['typing'])
})

test('G1: an expired lease is refused without a question, and logged; a release is not, however old', () => {
  const lines = startLog('typing')
  const { answers, counters, request } = scene()
  expect(request(7000, { at: serverNow() - 2500 })).toMatchObject({ ok: false, code: 'timeout' })
  expect([answers.length, counters.dropped.expired]).toEqual([0, 1])
  expect(request(0, { at: serverNow() - 2500 })).toEqual({ ok: true })
  expect(lines).toEqual([expect.stringContaining('lease refused (expired): user "ann" in {"group":"team"}')])
})

test('pending and taken leases together are at most 100; one that is renewed is not counted twice', async () => {
  const { answers, request } = scene()
  const first = request(7000, { conversation: { group: 'g0' } })
  answers[0]!(true)
  await first
  for (let n = 1; n < 100; n++) void request(7000, { conversation: { group: `g${n}` } })
  expect(request(7000, { conversation: { group: 'g100' } })).toMatchObject({ ok: false, code: 'rate-limited' })
  expect(request(7000, { conversation: { group: 'g0' } })).toBeInstanceOf(Promise)
})

test('authorize is asked who types where', () => {
  const { authorize, request } = scene()
  void request(7000)
  expect(authorize).toHaveBeenCalledExactlyOnceWith({
    user: { id: 'ann' },
    conversation: group,
    action: 'send',
    command: 'textInput',
  })
})

test('a room that others have opened does not count as a lease of this device', () => {
  const { request, rooms } = scene()
  for (let n = 0; n < 100; n++) {
    rooms.openInbox('bob', { group: `g${n}` })
    void request(7000, { conversation: { group: `g${n}` } })
  }
  rooms.openInbox('bob', { group: 'g100' })
  expect(request(7000, { conversation: { group: 'g100' } })).toMatchObject({ ok: false, code: 'rate-limited' })
})

test('T4: nobody sees themselves type', async () => {
  const { answers, request, rooms } = scene()
  const result = request(7000, { conversation: { user: 'ann' } })
  answers[0]!(true)
  expect(await result).toEqual({ ok: true })
  expect(rooms.outbox('ann', { user: 'ann' })).toBeUndefined()
})

test('what is pending for a device that is gone is cancelled, also when nothing has been asked for', () => {
  const { device, pendingLeases, request } = scene()
  pendingLeases.cancelAll(device)
  void request(7000)
  pendingLeases.cancelAll(device)
  expect(device.pendingLeases?.size).toBe(0)
})

test('an answer for a device that is gone takes nothing, although its lease is still pending', async () => {
  const { answers, device, request, activities } = scene()
  const result = request(7000)
  device.gone = true
  answers[0]!(true)
  await result
  expect(activities()).toEqual([])
})

test('a device that is gone takes nothing any more', async () => {
  const { answers, device, pendingLeases, request, activities } = scene()
  const result = request(7000)
  device.gone = true
  pendingLeases.cancelAll(device)
  answers[0]!(true)
  await result
  expect(activities()).toEqual([])
})

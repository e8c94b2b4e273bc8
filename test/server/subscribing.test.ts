import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Conversation } from '../../src/core/index.ts'
import { MESSAGE, REFUSED, TYPISTS } from '../../src/core/transport/wire.ts'
import { serverNow } from '../../src/server/clock.ts'
import type { SendResult } from '../../src/core/index.ts'
import type { SendFailure } from '../../src/core/message/send-result.ts'
import { createDevice } from '../../src/server/devices/device.ts'
import { readOptions } from '../../src/server/options.ts'
import { createRooms } from '../../src/server/rooms.ts'
import { createCounters } from '../../src/server/stats.ts'
import { createSubscriptions } from '../../src/server/subscriptions.ts'
import { createSlowAuthorize, createTestHub } from '../support/server/hub.ts'
import { startLog } from '../support/server/log.ts'

let lines: string[] = []
beforeEach(() => {
  vi.useFakeTimers()
  lines = startLog('delivery')
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const thread = { group: 'team', thread: 't' }
const toAnn = { user: 'ann' }
const many = (count: number): Conversation[] => Array.from({ length: count }, (_, n) => ({ group: `g${n}` }))
const turn = () => vi.advanceTimersByTimeAsync(0)

const forbidden = {
  ok: false,
  code: 'forbidden',
  message: 'You may not subscribe to this conversation: authorize denied it. Ask for access first.',
}
const tooMany = {
  ok: false,
  code: 'rate-limited',
  message: 'This connection is subscribed to 1000 conversations already. Unsubscribe from some first.',
}

describe('a subscription', () => {
  test('is one, however often it is asked for, and ends when the device unsubscribes', () => {
    const { hub, addDevice, message } = createTestHub()
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    for (let n = 0; n < 2; n++) expect(hub.subscribe(bob!.device, group)).toEqual({ ok: true })
    expect(hub.stats().subscriptions).toBe(1)
    void hub.send(ann!.device, message())
    hub.unsubscribe(bob!.device, group)
    hub.unsubscribe(bob!.device, group)
    hub.unsubscribe(bob!.device, { group: 'other' })
    void hub.send(ann!.device, message())
    expect([bob!.take(MESSAGE).length, hub.stats().subscriptions]).toEqual([1, 0])
  })

  test('begins with who types there', () => {
    const { hub, addDevice } = createTestHub()
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    void hub.lease(ann!.device, { at: serverNow(), ttl: 7000, activity: 'typing', conversation: group })
    void hub.subscribe(bob!.device, group)
    expect(bob!.take(TYPISTS)).toMatchObject([[group, 1, [{ id: 'ann' }]]])
  })

  test('that authorize denies does not begin, and ends if it is there: who typed is taken back', () => {
    let isAllowed = false
    const { hub, addDevice, counters } = createTestHub({ authorize: ({ user }) => user.id === 'ann' || isAllowed })
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    expect(hub.subscribe(bob!.device, group)).toEqual(forbidden)
    expect(counters.dropped.forbidden).toBe(1)
    expect(lines[0]).toContain('subscription refused (forbidden): user "bob" in {"group":"team"}')
    isAllowed = true
    void hub.subscribe(bob!.device, group)
    void hub.lease(ann!.device, { at: serverNow(), ttl: 7000, activity: 'typing', conversation: group })
    isAllowed = false
    expect(hub.subscribe(bob!.device, group)).toEqual(forbidden)
    expect(bob!.take(TYPISTS).map(([, total]) => total)).toEqual([1, 0])
    expect([hub.stats().subscriptions, bob!.take(REFUSED)]).toEqual([0, []])
  })

  test('authorize is asked about this user, conversation and action', () => {
    const authorize = vi.fn(() => true)
    const { hub, addDevice } = createTestHub({ authorize })
    void hub.subscribe(addDevice('ann').device, group)
    expect(authorize.mock.calls).toEqual([[{ user: { id: 'ann' }, conversation: group, action: 'subscribe' }]])
  })
})

describe('while authorize thinks', () => {
  test('it is asked once about a conversation, and all who wait get its answer', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice } = createTestHub({ authorize })
    const { device } = addDevice('ann')
    const results = [group, group, thread].map(async (conversation) => hub.subscribe(device, conversation))
    expect(questions).toHaveLength(2)
    questions[0]!.answer(true)
    questions[1]!.answer(false)
    expect(await Promise.all(results)).toEqual([{ ok: true }, { ok: true }, forbidden])
    expect([hub.stats().subscriptions, device.subscribing]).toEqual([1, undefined])
    void hub.subscribe(device, group)
    expect(questions).toHaveLength(3)
  })

  test('unsubscribing cancels it: accepted at once, and never there', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice } = createTestHub({ authorize })
    const { device } = addDevice('ann')
    const result = hub.subscribe(device, group)
    hub.unsubscribe(device, group)
    expect(await result).toEqual({ ok: true })
    // The answer to the first question is not the answer to this one.
    const again = hub.subscribe(device, group)
    questions[0]!.answer(true)
    await turn()
    expect(hub.stats().subscriptions).toBe(0)
    questions[1]!.answer(true)
    expect(await again).toEqual({ ok: true })
    expect([hub.stats().subscriptions, device.subscribing]).toEqual([1, undefined])
  })

  test('a device that goes is accepted at once, and never there', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice } = createTestHub({ authorize })
    const { device } = addDevice('ann')
    const results = [group, thread].map(async (conversation) => hub.subscribe(device, conversation))
    hub.remove(device)
    expect(await Promise.all(results)).toEqual([{ ok: true }, { ok: true }])
    for (const { answer } of questions) answer(true)
    await turn()
    expect(device.subscriptions).toBeUndefined()
    // What it sends after it has gone is of no effect either.
    const late = hub.subscribe(device, group)
    questions[2]!.answer(true)
    await late
    expect(device.subscriptions).toBeUndefined()
  })
})

describe('G3: a device has at most 1,000 subscriptions', () => {
  test('and keeps those that it has, also when it asks for them again', () => {
    const { hub, addDevice, counters } = createTestHub()
    const { device } = addDevice('ann')
    const results = many(1001).map((conversation) => hub.subscribe(device, conversation))
    expect(results.slice(998)).toEqual([{ ok: true }, { ok: true }, tooMany])
    expect(lines[0]).toContain('subscription refused (rate-limited): user "ann" in {"group":"g1000"}')
    expect(hub.subscribe(device, { group: 'g5' })).toEqual({ ok: true })
    hub.unsubscribe(device, { group: 'g5' })
    expect(hub.subscribe(device, { group: 'g1000' })).toEqual({ ok: true })
    expect([hub.stats().subscriptions, counters.dropped['rate-limited']]).toEqual([1000, 1])
  })

  test('those that wait for permission count, and renewals do not', async () => {
    const { questions, authorize } = createSlowAuthorize()
    let isSlow = false
    const { hub, addDevice } = createTestHub({ authorize: (request) => !isSlow || authorize(request) })
    const { device } = addDevice('ann')
    for (const conversation of many(998)) void hub.subscribe(device, conversation)
    isSlow = true
    const renewal = hub.subscribe(device, { group: 'g1' })
    const waiting = [hub.subscribe(device, group), hub.subscribe(device, thread)]
    expect(hub.subscribe(device, { group: 'one more' })).toEqual(tooMany)
    hub.unsubscribe(device, thread)
    const other = hub.subscribe(device, { group: 'another' })
    expect(other).toBeInstanceOf(Promise)
    for (const { answer } of questions) answer(true)
    expect(await Promise.all([renewal, ...waiting, other])).toEqual(Array(4).fill({ ok: true }))
    expect(hub.stats().subscriptions).toBe(1000)
  })

  test('a renewal whose subscription has ended meanwhile is refused when others have taken its place', async () => {
    const { questions, authorize } = createSlowAuthorize()
    let isSlow = false
    const { hub, addDevice } = createTestHub({ authorize: (request) => !isSlow || authorize(request) })
    const { device } = addDevice('ann')
    for (const conversation of many(1000)) void hub.subscribe(device, conversation)
    isSlow = true
    const renewal = hub.subscribe(device, { group: 'g1' })
    isSlow = false
    hub.revoke({ user: 'ann', conversation: { group: 'g1' } })
    expect(hub.subscribe(device, group)).toEqual({ ok: true })
    questions[0]!.answer(true)
    expect(await renewal).toEqual(tooMany)
    expect(hub.stats().subscriptions).toBe(1000)
  })

  test('and at most 1,000 questions that authorize has not answered, also those that nobody waits for', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice } = createTestHub({ authorize })
    const { device } = addDevice('ann')
    const results: (SendResult | Promise<SendResult>)[] = []
    for (const conversation of many(1001)) {
      results.push(hub.subscribe(device, conversation))
      hub.unsubscribe(device, conversation)
    }
    expect(results[999]).toBeInstanceOf(Promise)
    expect(results[1000]).toEqual({
      ok: false,
      code: 'rate-limited',
      message: 'Too many messages arrived from this connection just now. Send fewer, or wait a second.',
    })
    questions[0]!.answer(true)
    await turn()
    expect(hub.subscribe(device, group)).toBeInstanceOf(Promise)
  })
})

describe('revoke()', () => {
  const everywhere: Conversation[] = [group, thread, { group: 'other' }, toAnn, { user: 'ann', thread: 't' }]
  const start = () => {
    const test = createTestHub()
    const [ann, bob] = ['ann', 'bob'].map(test.addDevice)
    for (const conversation of everywhere) {
      void test.hub.subscribe(bob!.device, conversation)
      void test.hub.lease(bob!.device, { at: serverNow(), ttl: 7000, activity: 'typing', conversation })
    }
    const left = () => {
      const subscribed = [...(bob!.device.subscriptions instanceof Set ? bob!.device.subscriptions : [])]
      return subscribed.map(({ conversation }) => conversation)
    }
    return { ...test, ann: ann!, bob: bob!, left }
  }

  test('ends what the user has in a conversation and its threads, and says why', () => {
    const { hub, bob, left } = start()
    hub.revoke({ user: 'bob', conversation: group })
    expect(left()).toEqual(everywhere.slice(2))
    expect(hub.stats()).toMatchObject({ subscriptions: 3, leases: 3 })
    const revoked = {
      ok: false,
      code: 'forbidden',
      message: 'The server has revoked your access to this conversation. Ask for access again.',
    }
    expect(bob.take(REFUSED)).toEqual([
      [group, revoked],
      [thread, revoked],
    ])
    expect(lines).toHaveLength(2)
    expect(lines[0]).toContain('subscription ended (forbidden): user "bob" in {"group":"team"}')
  })

  test('ends a thread alone, and a one-to-one conversation as the user sees it', () => {
    const { hub, left } = start()
    hub.revoke({ user: 'bob', conversation: thread })
    expect(left()).toEqual(everywhere.filter((conversation) => conversation !== thread))
    hub.revoke({ user: 'bob', conversation: { user: 'ann', thread: 't' } })
    expect(hub.stats()).toMatchObject({ subscriptions: 3, leases: 3 })
    hub.revoke({ user: 'bob', conversation: toAnn })
    expect(left()).toEqual([group, { group: 'other' }])
    expect(hub.stats().leases).toBe(2)
  })

  test('ends everything of one user, and nothing of others', () => {
    const { hub, ann, left } = start()
    void hub.subscribe(ann.device, group)
    hub.revoke({ user: 'nobody' })
    expect(left()).toHaveLength(5)
    hub.revoke({ user: 'bob' })
    expect(hub.stats()).toMatchObject({ subscriptions: 1, leases: 0 })
    hub.revoke({ user: 'bob' })
    expect(lines).toHaveLength(5)
  })

  test('a permission that was asked for before it is asked for again', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice } = createTestHub({ authorize })
    const { device } = addDevice('ann')
    const result = hub.subscribe(device, group)
    hub.revoke({ user: 'ann', conversation: { group: 'other' } })
    questions[0]!.answer(true)
    await turn()
    expect(questions).toHaveLength(2)
    questions[1]!.answer(false)
    expect(await result).toEqual(forbidden)
  })
})

describe('a subscription', () => {
  function start() {
    const rooms = createRooms()
    const delivered: unknown[] = []
    const subscriptions = createSubscriptions({
      settings: readOptions({ identify: () => null, authorize: 'anyone' }),
      rooms,
      typingUpdates: {
        changed() {},
        deliverTo() {},
        hideFrom: () => delivered.push('hidden'),
        activeDeviceChanged() {},
        repeat() {},
        close() {},
      },
      makeFrame: (at, args, replaces) => ({ at, args, replaces, encoded: () => [] }),
      counters: createCounters(),
    })
    const device = createDevice({ id: 'ann' }, ({ args }) => delivered.push(args[0]))
    return { ...subscriptions, rooms, device, delivered }
  }

  test('G2: that is renewed began when it began at first: no message from between is kept from it', () => {
    const { subscribe, rooms, device } = start()
    const since = serverNow()
    void subscribe(device, group)
    vi.advanceTimersByTime(1000)
    void subscribe(device, group)
    expect(rooms.inbox('ann', group)?.devices.get(device)).toBe(since)
  })

  test('is not ended where somebody else is subscribed, and the device is not', () => {
    const { subscribe, unsubscribe, endSubscription, rooms, device, delivered } = start()
    const other = createDevice({ id: 'bob' }, () => {})
    void subscribe(other, group)
    unsubscribe(device, group)
    endSubscription(device, rooms.inbox('ann', group)!, forbidden as SendFailure)
    expect([delivered, rooms.inbox('ann', group)?.devices.size]).toEqual([[], 1])
  })
})

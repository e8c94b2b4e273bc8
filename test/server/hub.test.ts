import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { MESSAGE, REFUSED, TYPISTS } from '../../src/core/transport/wire.ts'
import { serverNow } from '../../src/server/clock.ts'
import type { Conversation } from '../../src/core/index.ts'
import { sendResult } from '../../src/server/messages.ts'
import type { Device } from '../../src/server/model.ts'
import type { AuthorizationRequest } from '../../src/server/options.ts'
import type { Reidentification } from '../../src/server/reidentification.ts'
import type { TestHub } from '../support/server/hub.ts'
import { createSlowAuthorize, createTestHub } from '../support/server/hub.ts'
import { startLog } from '../support/server/log.ts'
import { createMemoryEngine } from '../support/cluster/memory-engine.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const MAX_AGE = 2000
const pass = (milliseconds: number) => vi.advanceTimersByTimeAsync(milliseconds)

const expiredRefusal = {
  ok: false,
  code: 'timeout',
  message: 'The message was older than 2000 ms on arrival, so it was dropped. Send it again if it still matters.',
}

/** Takes a lease of a minute. */
const type = ({ hub }: TestHub, device: Device, conversation: Conversation = group, ttl = 60_000) =>
  hub.lease(device, { at: serverNow(), ttl, activity: 'typing', conversation })

describe('a message', () => {
  test('T4: reaches every device of the receiver that is subscribed, as the receiver sees the conversation', () => {
    const { hub, addDevice, message, counters } = createTestHub({ countRecipients: true })
    const [ann, annToo, bob, bobToo, cy] = ['ann', 'ann', 'bob', 'bob', 'cy'].map(addDevice)
    for (const { device } of [annToo!, bob!, bobToo!, cy!]) void hub.subscribe(device, { user: 'ann' })
    void hub.subscribe(annToo!.device, { user: 'bob' })
    const sent = message({ conversation: { user: 'bob' }, data: '{"n":1}' })
    expect(hub.send(ann!.device, sent)).toEqual({ ok: true, recipients: 2 })
    const arrived = [[{ user: 'ann' }, 'note', '{"n":1}', { id: 'ann' }]]
    expect(bob!.got[0]?.[1]).toBe(Math.round(sent.at))
    expect([annToo!, bob!, bobToo!, cy!].map(({ take }) => take(MESSAGE))).toEqual([[], arrived, arrived, []])
    expect(counters).toMatchObject({ messagesIn: 1, messagesOut: 2 })
  })

  test('T4: in a group it reaches none of its sender’s devices', () => {
    const { hub, addDevice, message } = createTestHub()
    const [ann, annToo, bob] = ['ann', 'ann', 'bob'].map(addDevice)
    for (const { device } of [ann!, annToo!, bob!]) void hub.subscribe(device, group)
    expect(hub.send(ann!.device, message())).toEqual({ ok: true })
    expect([ann!, annToo!, bob!].map(({ take }) => take(MESSAGE).length)).toEqual([0, 0, 1])
  })

  test('G1: is refused when it is older than maxAge, and nobody is asked about it', () => {
    const authorize = vi.fn(() => true)
    const { hub, addDevice, message, counters } = createTestHub({ authorize })
    const lines = startLog('delivery')
    const { device } = addDevice('ann')
    expect(hub.send(device, message({ at: serverNow() - MAX_AGE - 1 }))).toEqual(expiredRefusal)
    expect(authorize).not.toHaveBeenCalled()
    expect(counters.dropped.expired).toBe(1)
    expect(lines[0]).toContain('message refused (expired): user "ann" in {"group":"team"}')
    expect(hub.send(device, message({ at: serverNow() - MAX_AGE }))).toEqual({ ok: true })
  })

  test('G1: is refused when it has expired while it waited for permission', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const { hub, addDevice, message, counters } = createTestHub({ authorize })
    const result = hub.send(addDevice('ann').device, message())
    await pass(MAX_AGE + 1)
    questions[0]!.answer(true)
    expect(await result).toEqual(expiredRefusal)
    expect(counters).toMatchObject({ messagesIn: 0, dropped: { expired: 1, forbidden: 0 } })
  })

  test('is refused when authorize denies it', () => {
    const asked: AuthorizationRequest[] = []
    const { hub, addDevice, message, counters } = createTestHub({
      authorize(request) {
        asked.push(request)
        return false
      },
    })
    const lines = startLog('delivery')
    expect(hub.send(addDevice('ann').device, message())).toEqual({
      ok: false,
      code: 'forbidden',
      message: 'You may not send to this conversation: authorize denied it. Ask for access first.',
    })
    expect(asked).toEqual([{ user: { id: 'ann' }, conversation: group, action: 'send', command: 'note' }])
    expect(counters).toMatchObject({ messagesIn: 0, dropped: { forbidden: 1 } })
    expect(lines[0]).toContain('message refused (forbidden): user "ann"')
  })

  test('is counted and logged as offline when nobody is subscribed, and only then', () => {
    const { hub, addDevice, message, counters } = createTestHub()
    const lines = startLog('delivery')
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    void hub.send(ann!.device, message())
    expect(counters).toMatchObject({ messagesIn: 1, messagesOut: 0, dropped: { offline: 1 } })
    expect(lines[0]).toContain('message dropped (offline): user "ann" in {"group":"team"}')
    void hub.subscribe(bob!.device, group)
    void hub.send(ann!.device, message())
    expect([counters.dropped.offline, lines.length]).toEqual([1, 1])
  })

  test('the senders of a group share its rate; other groups and one-to-one have their own, and a group of nobody none', () => {
    const { hub, addDevice, message, counters } = createTestHub({ rateLimits: { perGroup: 8 } })
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    for (const conversation of [group, { group: 'other' }, { user: 'ann' }]) {
      void hub.subscribe(bob!.device, conversation)
    }
    const accepted = (conversation: Conversation, priority: 'low' | 'normal' | 'high') => {
      const before = counters.messagesIn
      for (let n = 0; n < 30; n++) void hub.send(ann!.device, message({ conversation, priority }))
      return counters.messagesIn - before
    }
    // A burst is twice what is allowed in a second. Low priority leaves half of it, normal a fifth.
    expect(accepted(group, 'low')).toBe(8)
    expect(accepted(group, 'normal')).toBe(4)
    expect(accepted(group, 'high')).toBe(4)
    expect(counters.dropped['rate-limited']).toBe(74)
    expect(hub.send(bob!.device, message({ priority: 'high' }))).toMatchObject({
      code: 'rate-limited',
      message: 'Too many messages arrived in this group just now. Send fewer, or wait a second.',
    })
    expect(accepted({ group: 'other' }, 'high')).toBe(16)
    expect(accepted({ user: 'bob' }, 'high')).toBe(30)
    expect(accepted({ group: 'empty' }, 'high')).toBe(30)
  })

  test('the result comes once all recipients are counted', async () => {
    const failed = { ok: false, code: 'invalid', message: 'x' } as const
    expect(sendResult(failed)).toBe(failed)
    expect(sendResult({ ok: true })).toEqual({ ok: true })
    expect(sendResult({ ok: true, recipients: 0 })).toEqual({ ok: true, recipients: 0 })
    expect(await sendResult({ ok: true, recipients: Promise.resolve(2) })).toEqual({ ok: true, recipients: 2 })
  })
})

describe('with other nodes', () => {
  /** Two hubs on a bus in this process. */
  async function startTwo(options = {}) {
    const engine = createMemoryEngine({ countsSubscribers: true })
    const [one, two] = [engine.connect().bus, engine.connect().bus].map((bus) => createTestHub(options, bus))
    const [ann, bob] = [one!.addDevice('ann'), two!.addDevice('bob')]
    await pass(0)
    return { one: one!, two: two!, ann, bob }
  }

  test('a message is counted over all nodes, and is offline only where no node has read it', async () => {
    const { one, two, ann, bob } = await startTwo({ countRecipients: true })
    const lines = startLog('delivery')
    void two.hub.subscribe(bob.device, group)
    void one.hub.subscribe(one.addDevice('cy').device, group)
    await pass(10)
    const outcome = await one.hub.send(ann.device, one.message())
    expect(outcome).toMatchObject({ ok: true })
    const counted = sendResult(outcome)
    await pass(1000)
    expect(await counted).toEqual({ ok: true, recipients: 2 })
    expect(bob.take(MESSAGE)).toHaveLength(1)
    expect([one.counters.dropped.offline, lines]).toEqual([0, []])

    void two.hub.subscribe(bob.device, { user: 'ann' })
    await pass(10)
    void one.hub.send(ann.device, one.message({ conversation: { user: 'bob' } }))
    await pass(1000)
    expect(one.counters.dropped.offline).toBe(0)
    void one.hub.send(ann.device, one.message({ conversation: { user: 'nobody' } }))
    await pass(1000)
    expect(one.counters.dropped.offline).toBe(1)
    for (const { hub } of [one, two]) hub.close()
  })

  test('a group in which nobody is subscribed here has a rate as well: somebody may be elsewhere', async () => {
    const { one, two, ann } = await startTwo({ rateLimits: { perGroup: 8 } })
    const results = Array.from({ length: 30 }, () => one.hub.send(ann.device, one.message({ priority: 'high' })))
    expect(results.filter((result) => 'ok' in result && result.ok)).toHaveLength(16)
    expect(results.at(-1)).toMatchObject({ code: 'rate-limited' })
    expect(one.hub.send(ann.device, one.message({ conversation: { group: 'other' } }))).toMatchObject({ ok: true })
    for (const { hub } of [one, two]) hub.close()
  })

  test('typing, revocations and reidentifications reach them, until this node leaves the cluster', async () => {
    const { one, two, ann, bob } = await startTwo()
    const reidentified: Reidentification[] = []
    two.hub.onReidentify((event) => reidentified.push(event))
    void two.hub.subscribe(bob.device, group)
    await pass(10)
    void type(one, ann.device)
    await pass(1000)
    expect(bob.take(TYPISTS)).toMatchObject([[group, 1, [{ id: 'ann' }]]])
    expect(two.hub.stats().bus).toMatchObject({ nodes: 1, leases: 1, messagesIn: 0, messagesOut: 0 })
    one.hub.revoke({ user: 'bob' })
    one.hub.reidentify('bob')
    await pass(1000)
    expect(bob.take(REFUSED)).toHaveLength(1)
    expect(new Set(reidentified.map(({ user }) => user))).toEqual(new Set(['bob']))

    void two.hub.subscribe(bob.device, group)
    await pass(1000)
    expect(bob.take(TYPISTS).at(-1)).toMatchObject([group, 1, [{ id: 'ann' }]])
    one.hub.leaveCluster()
    one.hub.leaveCluster()
    expect(one.hub.stats().bus).toBeUndefined()
    await pass(1000)
    expect(bob.take(TYPISTS)).toEqual([[group, 0, []]])
    one.hub.revoke({ user: 'bob' })
    await pass(1000)
    expect(bob.take(REFUSED)).toEqual([])
    for (const { hub } of [one, two]) hub.close()
  })

  test('a node reads the notices about a user while it has a device of that user', async () => {
    const { one, two, bob } = await startTwo()
    const channels = () => two.hub.stats().bus?.channels
    const before = channels()
    const again = two.addDevice('bob')
    two.hub.remove(bob.device)
    await pass(60_000)
    expect(channels()).toBe(before)
    two.hub.remove(again.device)
    await pass(60_000)
    expect(channels()).toBe(before! - 1)
    for (const { hub } of [one, two]) hub.close()
  })

  test('deliverTo: active-device: a device that subscribes or is used on another node has it', async () => {
    const { one, two, ann } = await startTwo({ deliverTo: 'active-device' })
    const phone = one.addDevice('di')
    void one.hub.subscribe(phone.device, { user: 'ann' })
    await pass(3000)
    const laptop = two.addDevice('di')
    void two.hub.subscribe(laptop.device, { user: 'ann' })
    await pass(3000)
    const reached = async () => {
      void one.hub.send(ann.device, one.message({ conversation: { user: 'di' } }))
      await pass(100)
      return [phone, laptop].map(({ take }) => take(MESSAGE).length)
    }
    expect(await reached()).toEqual([0, 1])
    one.hub.markActive(phone.device)
    await pass(100)
    expect(await reached()).toEqual([1, 0])
    for (const { hub } of [one, two]) hub.close()
  })
})

describe('deliverTo: active-device', () => {
  const start = () => {
    const test = createTestHub({ deliverTo: 'active-device' })
    const ann = test.addDevice('ann')
    const devices = [test.addDevice('bob'), test.addDevice('bob')]
    for (const { device } of devices) void test.hub.subscribe(device, { user: 'ann' })
    const reached = () => {
      void test.hub.send(ann.device, test.message({ conversation: { user: 'bob' } }))
      return devices.map(({ take }) => take(MESSAGE).length)
    }
    return { ...test, ann, devices, reached }
  }

  test('G2: the device that was connected last has the messages, then the one that was used last', () => {
    const { hub, devices, reached, message } = start()
    expect(reached()).toEqual([0, 1])
    hub.markActive(devices[0]!.device)
    expect(reached()).toEqual([1, 0])
    // To send is to use it, wherever.
    void hub.send(devices[1]!.device, message())
    expect(reached()).toEqual([0, 1])
    void hub.subscribe(devices[0]!.device, { user: 'cy' })
    expect(reached()).toEqual([0, 1])
    hub.remove(devices[1]!.device)
    expect(reached()).toEqual([1, 0])
    hub.remove(devices[0]!.device)
    expect(reached()).toEqual([0, 0])
  })

  test('a message to a group reaches every device', () => {
    const { hub, ann, devices, message } = start()
    for (const { device } of devices) void hub.subscribe(device, group)
    void hub.send(ann.device, message())
    expect(devices.map(({ take }) => take(MESSAGE).length)).toEqual([1, 1])
  })

  test('two devices that are used within one moment have different times', () => {
    const { hub, devices } = start()
    const times = devices.map(({ device }) => device.lastActiveAt)
    expect(times[1]!).toBeGreaterThan(times[0]!)
    hub.markActive(devices[1]!.device)
    hub.markActive(devices[0]!.device)
    expect(devices[0]!.device.lastActiveAt).toBeGreaterThan(devices[1]!.device.lastActiveAt)
    expect(devices[0]!.device.lastActiveAt - serverNow()).toBeLessThan(1)
  })

  test('typing moves with it, and a group has all devices', async () => {
    const test = start()
    const { hub, ann, devices } = test
    void type(test, ann.device, { user: 'bob' })
    const totals = () => devices.map(({ take }) => take(TYPISTS).map(([, total]) => total))
    expect(totals()).toEqual([[], [1]])
    hub.markActive(devices[0]!.device)
    expect(totals()).toEqual([[1], [0]])
    const late = test.addDevice('bob')
    void hub.subscribe(late.device, { user: 'ann' })
    expect(totals()).toEqual([[0], []])
    hub.unsubscribe(late.device, { user: 'ann' })
    expect(totals()).toEqual([[1], []])

    for (const { device } of devices) void hub.subscribe(device, group)
    void type(test, ann.device)
    hub.markActive(devices[1]!.device)
    hub.unsubscribe(devices[0]!.device, { user: 'ann' })
    expect(totals().map((seen) => seen.filter((total) => total === 1).length)).toEqual([1, 2])
    await pass(0)
  })

  test('without it every device has everything, and a use changes nothing', () => {
    const test = createTestHub()
    const [ann, phone, laptop] = ['ann', 'bob', 'bob'].map(test.addDevice)
    for (const { device } of [phone!, laptop!]) void test.hub.subscribe(device, { user: 'ann' })
    void type(test, ann!.device, { user: 'bob' })
    test.hub.markActive(phone!.device)
    expect([phone!, laptop!].map(({ take }) => take(TYPISTS).length)).toEqual([1, 1])
  })
})

describe('a device', () => {
  test('that is gone has no subscriptions, no leases, and no pending ones', async () => {
    const { questions, authorize } = createSlowAuthorize()
    const test = createTestHub({ authorize: (request) => request.conversation.group !== 'slow' || authorize(request) })
    const { hub, addDevice } = test
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    void hub.subscribe(bob!.device, group)
    void hub.subscribe(ann!.device, group)
    void hub.subscribe(ann!.device, { group: 'slow' })
    void type(test, ann!.device)
    void type(test, ann!.device, { group: 'slow' })
    expect(hub.stats()).toMatchObject({ connections: 2, subscriptions: 2, leases: 1 })
    hub.remove(ann!.device)
    for (const { answer } of questions) answer(true)
    await pass(0)
    expect(hub.stats()).toMatchObject({ connections: 1, subscriptions: 1, leases: 0 })
    expect([bob!.take(TYPISTS).at(-1), ann!.device.gone, hub.devicesOf('ann')]).toEqual([[group, 0, []], true, []])
  })

  test('I1: whose user has another name shows it where it types; the same name changes nothing', () => {
    const test = createTestHub()
    const { hub, addDevice } = test
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    void hub.subscribe(bob!.device, group)
    void type(test, ann!.device)
    const same = { id: 'ann' }
    hub.rename(ann!.device, same)
    expect(ann!.device.user).not.toBe(same)
    hub.rename(ann!.device, { id: 'ann', name: 'Ann' })
    hub.rename(ann!.device, { id: 'ann', name: 'Ann', avatar: 'a.png' })
    expect(bob!.take(TYPISTS).map(([, , typists]) => typists)).toMatchObject([
      [{ id: 'ann' }],
      [{ id: 'ann', name: 'Ann' }],
      [{ id: 'ann', name: 'Ann', avatar: 'a.png' }],
    ])
  })

  test('I1: reidentify() asks for all connections of the user, whenever they were identified', () => {
    const { hub } = createTestHub()
    const events: Reidentification[] = []
    hub.onReidentify((event) => events.push(event))
    hub.reidentify('ann')
    expect(events).toEqual([{ user: 'ann', before: Infinity }])
  })
})

describe('permission is asked for again', () => {
  test('for every device once per interval, and the timer ends with the last device', async () => {
    let isAllowed = true
    const asked: string[] = []
    const { hub, addDevice } = createTestHub({
      reauthorizeInterval: 1000,
      authorize({ user, conversation, action }) {
        asked.push(`${user.id} ${action} ${conversation.group}`)
        return isAllowed || conversation.group === 'other'
      },
    })
    const [ann, bob] = ['ann', 'bob'].map(addDevice)
    for (const conversation of [group, { group: 'other' }]) void hub.subscribe(ann!.device, conversation)
    asked.length = 0
    await pass(1000)
    expect(asked).toEqual(['ann subscribe team', 'ann subscribe other'])
    expect(hub.stats().subscriptions).toBe(2)
    isAllowed = false
    await pass(1000)
    expect(ann!.take(REFUSED)).toEqual([
      [
        group,
        {
          ok: false,
          code: 'forbidden',
          message: 'You may not subscribe to this conversation: authorize denied it. Ask for access first.',
        },
      ],
    ])
    expect(hub.stats().subscriptions).toBe(1)
    for (const { device } of [ann!, bob!]) {
      expect(vi.getTimerCount()).toBe(1)
      hub.remove(device)
    }
    expect(vi.getTimerCount()).toBe(0)
    addDevice('cy')
    expect(vi.getTimerCount()).toBe(1)
    hub.close()
    expect(vi.getTimerCount()).toBe(0)
  })

  test('never with the interval Infinity', () => {
    const { hub, addDevice } = createTestHub({ reauthorizeInterval: Infinity })
    const { device } = addDevice('ann')
    expect(vi.getTimerCount()).toBe(0)
    hub.remove(device)
    hub.close()
  })
})

test('stats() hands out copies, and close() ends all typing', () => {
  const test = createTestHub()
  const { hub, addDevice } = test
  const [ann, bob] = ['ann', 'bob'].map(addDevice)
  void hub.subscribe(bob!.device, group)
  void type(test, ann!.device)
  const before = hub.stats()
  expect(before).toEqual({
    connections: 2,
    subscriptions: 1,
    leases: 1,
    messagesIn: 0,
    messagesOut: 0,
    typingUpdatesOut: 1,
    dropped: { expired: 0, offline: 0, forbidden: 0, invalid: 0, 'too-large': 0, 'rate-limited': 0, 'slow-reader': 0 },
  })
  void hub.send(ann!.device, test.message({ conversation: { user: 'nobody' } }))
  expect([before.messagesIn, before.dropped.offline, hub.stats().dropped.offline]).toEqual([0, 0, 1])
  hub.close()
  expect([bob!.take(TYPISTS).at(-1), hub.stats().leases]).toEqual([[group, 0, []], 0])
})

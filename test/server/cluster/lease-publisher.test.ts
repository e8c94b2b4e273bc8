import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Conversation } from '../../../src/core/index.ts'
import { createChannelSubscriptions } from '../../../src/server/cluster/channel-subscriptions.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'
import { createLeasePublisher, RENEWAL_INTERVAL } from '../../../src/server/cluster/lease-publisher.ts'
import { createDevice } from '../../../src/server/devices/device.ts'
import type { Device, TypingSession } from '../../../src/server/model.ts'
import { createRooms } from '../../../src/server/rooms.ts'
import { createTestLink, pass } from '../../support/cluster/link.ts'
import type { MemoryEngineOptions } from '../../support/cluster/memory-engine.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** How late a renewal may be: how often leases that are due are looked for. */
const CHECK_INTERVAL = 500

const group = { group: 'team' }
const channels = createChannels('/')
const session = (activity: TypingSession['activity'] = 'typing', since = 5): TypingSession => ({
  activity,
  since,
  until: 0,
})

/** A publisher, and a fake node that reads what it publishes in a conversation. */
async function start(conversation: Conversation = group, options: MemoryEngineOptions = {}) {
  const { link, engine, addFake } = createTestLink(options)
  const subscriptions = createChannelSubscriptions(link)
  const publisher = createLeasePublisher({ link, channels, subscriptions })
  const rooms = createRooms()
  const reader = addFake({ id: 'reader' })
  const channel = channels.conversation('ann', conversation)
  reader.read(channel)
  await pass(3000)
  const device = (id = 'ann', name?: string): Device =>
    createDevice(name === undefined ? { id } : { id, name }, () => {})
  const announce = (who: Device, now: TypingSession | undefined, where: Conversation = conversation) =>
    publisher.announce(who, rooms.openOutbox(who.user.id, where), now)
  /** What has been published since the last call, as texts: user, activity and since, or the end. */
  const take = () =>
    reader.received
      .splice(0)
      .flatMap(({ message, channel: on }) =>
        message.kind === 'leases'
          ? message.leases.map(
              ({ user, session: now }) =>
                `${on === channel ? '' : `${on}/${message.channel}: `}${user.id} ${now ? `${now.activity} ${now.since}` : 'ends'}`,
            )
          : [],
      )
  return { engine, publisher, reader, channel, device, announce, take, addFake, link }
}

describe('S5: the leases of a node', () => {
  test('are published at once, renewed every 5 s, and released', async () => {
    const { device, announce, take } = await start()
    const ann = device()
    announce(ann, session())
    await pass(0)
    expect(take()).toEqual(['ann typing 5'])
    await pass(RENEWAL_INTERVAL - 1)
    expect(take()).toEqual([])
    await pass(1 + CHECK_INTERVAL)
    expect(take()).toEqual(['ann typing 5'])
    await pass(10 * RENEWAL_INTERVAL + 10 * CHECK_INTERVAL)
    const renewals = take().length
    expect(renewals).toBeGreaterThanOrEqual(10)
    expect(renewals).toBeLessThanOrEqual(11)
    announce(ann, undefined)
    await pass(0)
    expect(take()).toEqual(['ann ends'])
    await pass(60_000)
    expect([take(), vi.getTimerCount()]).toEqual([[], 0])
  })

  test('are published when they change, and renewed together', async () => {
    const { device, announce, take, reader } = await start()
    const [ann, bob] = [device(), device('bob')]
    announce(ann, session())
    await pass(1000)
    announce(bob, session('recording', 7))
    await pass(1000)
    announce(ann, session('photo', 5))
    await pass(1000)
    expect(take()).toEqual(['ann typing 5', 'bob recording 7', 'ann photo 5'])
    await pass(RENEWAL_INTERVAL + CHECK_INTERVAL - 3000)
    expect(reader.received.map(({ message }) => message.kind)).toEqual(['leases'])
    expect(take()).toEqual(['ann photo 5', 'bob recording 7'])
  })

  test('of more than 100 devices are several messages, none longer than a node accepts', async () => {
    const { device, announce, take, reader } = await start()
    for (let n = 0; n < 250; n++) announce(device(`user-${n}`), session())
    await pass(0)
    expect(reader.received.map(({ message }) => message.kind === 'leases' && message.leases.length)).toEqual([
      100, 100, 50,
    ])
    expect(new Set(take()).size).toBe(250)
  })

  test('belong to devices: two devices of one user have leases of their own', async () => {
    const { device, announce, reader } = await start()
    const [phone, laptop] = [device(), device()]
    announce(phone, session())
    announce(laptop, session())
    announce(phone, undefined)
    await pass(0)
    const leases = reader.receivedOf('leases').flatMap((message) => message.leases)
    expect(leases.map(({ user }) => user.id)).toEqual(['ann'])
    announce(phone, session())
    await pass(0)
    const all = reader.receivedOf('leases').flatMap((message) => message.leases)
    expect(new Set(all.map((lease) => lease.device)).size).toBe(2)
    expect(all.at(-1)!.device).not.toBe(leases[0]!.device)
  })

  test('I1: carry the user’s present name', async () => {
    const { device, announce, reader } = await start()
    const ann = device('ann', 'Ann')
    announce(ann, session())
    await pass(0)
    ann.user = { id: 'ann', name: 'Anna' }
    announce(ann, session())
    await pass(0)
    const names = reader.receivedOf('leases').flatMap(({ leases }) => leases.map(({ user }) => user.name))
    expect(names).toEqual(['Ann', 'Anna'])
  })

  test('end on the other nodes when this node closes', async () => {
    const { device, announce, publisher, take } = await start()
    announce(device(), session())
    announce(device('bob'), session())
    await pass(0)
    take()
    publisher.close()
    await pass(60_000)
    expect(take()).toEqual(['ann ends', 'bob ends'])
  })
})

describe('a node that asks who types', () => {
  test('gets the answer for itself alone, and gets one only while somebody types', async () => {
    const { device, announce, take, addFake, channel, reader } = await start()
    const ann = device()
    announce(ann, session())
    await pass(0)
    take()
    const asker = addFake({ id: 'asker' })
    await pass(0)
    const ask = () => asker.publish(channels.questions(channel), { kind: 'question' })
    ask()
    await pass(0)
    expect(asker.receivedOf('leases')).toEqual([
      {
        kind: 'leases',
        channel,
        leases: [{ device: 1, user: { id: 'ann' }, session: { activity: 'typing', since: 5 } }],
      },
    ])
    expect(take()).toEqual([])
    announce(ann, undefined)
    await pass(0)
    asker.received.length = 0
    ask()
    await pass(100)
    expect([asker.received, reader.receivedOf('leases').length]).toEqual([[], 1])
  })

  test('one-to-one, gets the leases of that direction alone', async () => {
    const { device, announce, addFake } = await start({ user: 'bob' })
    announce(device('ann'), session(), { user: 'bob' })
    announce(device('bob'), session('photo'), { user: 'ann' })
    const asker = addFake({ id: 'asker' })
    await pass(0)
    asker.publish(channels.questions(channels.conversation('ann', { user: 'bob' })), { kind: 'question' })
    await pass(0)
    expect(asker.receivedOf('leases').flatMap(({ leases }) => leases.map(({ user }) => user.id))).toEqual(['ann'])
  })
})

describe('while the subscription to the questions has not taken effect', () => {
  test('a lease is not published, and is published when it has', async () => {
    const { device, announce, take } = await start(group, { delays: (text) => [text === '' ? 300 : 0] })
    announce(device(), session())
    await pass(299)
    expect(take()).toEqual([])
    await pass(1)
    expect(take()).toEqual(['ann typing 5'])
  })

  test('a lease that ends is not published at all', async () => {
    const { device, announce, take } = await start(group, { delays: (text) => [text === '' ? 300 : 0] })
    const ann = device()
    announce(ann, session())
    await pass(100)
    announce(ann, undefined)
    await pass(10_000)
    expect(take()).toEqual([])
  })
})

test('after the connection to the engine was lost, the leases are published again', async () => {
  const { device, announce, take, engine } = await start()
  announce(device(), session())
  await pass(1000)
  take()
  engine.interrupt()
  announce(device('bob'), session())
  await pass(1000)
  engine.restore()
  await pass(0)
  expect(take()).toEqual(['ann typing 5', 'bob typing 5'])
})

test('typing again within 5 s subscribes to nothing, and is published at once', async () => {
  const { device, announce, take } = await start(group, { delays: (text) => [text === '' ? 300 : 0] })
  const ann = device()
  announce(ann, session())
  await pass(300)
  announce(ann, undefined)
  await pass(4000)
  take()
  announce(ann, session('typing', 9))
  await pass(0)
  expect(take()).toEqual(['ann typing 9'])
})

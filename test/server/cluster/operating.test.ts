import { afterEach, describe, expect, test, vi } from 'vitest'
import type { OnlineMessage } from '../../../src/core/index.ts'
import { ACTIVE } from '../../../src/core/transport/wire.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'
import { openAdapter } from '../../support/cluster/adapters.ts'
import { DEFAULT_ADAPTER, startMemoryNodes } from '../../support/cluster/nodes.ts'
import { startRedis } from '../../support/cluster/redis.ts'
import { closeAll, names, startServer, type TestServer, until } from '../../support/server/harness.ts'
import { watchStalls } from '../../support/stalls.ts'

const group = { group: 'team' }

afterEach(closeAll)

describe('revoke', () => {
  test('ends a user’s subscriptions and leases on all nodes', async () => {
    const { nodes } = await startMemoryNodes(2)
    const [one, two] = nodes
    const [ann, bob, bobToo] = [await one.connect('ann'), await two.connect('bob'), await one.connect('bob')]
    const heard = [await bob.hear(group), await bobToo.hear(group)]
    const elsewhere = await bob.hear({ group: 'other' })
    const sees = await ann.watch(group)
    bob.client.typing(group).keystroke()
    await until(() => names(sees.at(-1))?.length === 1)
    one.online.revoke({ user: 'bob', conversation: group })
    await until(() => names(sees.at(-1))?.length === 0)
    await until(() => bob.errors.length && bobToo.errors.length)
    expect([bob, bobToo].map(({ errors }) => errors.map(({ code }) => code))).toEqual([['forbidden'], ['forbidden']])
    await ann.client.send(group, 'note')
    await ann.client.send({ group: 'other' }, 'note')
    await until(() => elsewhere.length)
    expect(heard).toEqual([[], []])
    // Bob may subscribe again as soon as authorize allows it.
    const again = await bob.hear({ ...group, thread: 'new' })
    await ann.client.send({ ...group, thread: 'new' }, 'note')
    await until(() => again.length === 1)
  })
})

describe('countRecipients', () => {
  test('T4: counts the devices on all nodes, without those of the sender', async () => {
    const { nodes } = await startMemoryNodes(3, { countRecipients: true })
    const [one, two, three] = nodes
    const ann = await one.connect('ann')
    expect(await ann.client.send({ user: 'bob' }, 'note')).toEqual({ ok: true, recipients: 0 })
    for (const node of [one, two, two, three]) await (await node.connect('bob')).hear({ user: 'ann' })
    await (await three.connect('ann')).hear({ user: 'bob' })
    expect(await ann.client.send({ user: 'bob' }, 'note')).toEqual({ ok: true, recipients: 4 })
  })

  test.each([
    ['where the engine says how many nodes receive it, as soon as they have answered', true, 150],
    ['where it does not say so, within 200 ms', false, 500],
  ])('the sender gets the count: %s', async (_, countsSubscribers, within) => {
    const { nodes } = await startMemoryNodes(3, { countRecipients: true }, { countsSubscribers })
    const ann = await nodes[0].connect('ann')
    for (const node of nodes) await (await node.connect('bob')).hear(group)
    const endWatch = watchStalls()
    const began = performance.now()
    expect(await ann.client.send(group, 'note')).toEqual({ ok: true, recipients: 3 })
    const time = performance.now() - began
    expect(time).toBeLessThan(within + (await endWatch()))
    expect(await ann.client.send({ user: 'nobody' }, 'note')).toEqual({ ok: true, recipients: 0 })
  })

  test('a node that dies before it answers delays the count by half a second, and later messages not at all', async () => {
    const { nodes, engine } = await startMemoryNodes(2, { countRecipients: true })
    const [one, two] = nodes
    // It reads the conversation, receives the message and never answers.
    const dying = engine.connect()
    dying.bus.subscribe(
      createChannels('/').conversation('ann', { user: 'bob' }),
      () => {},
      () => {},
    )
    const [ann, bob] = [await one.connect('ann'), await two.connect('bob')]
    const heard = await bob.hear({ user: 'ann' })
    const endWatch = watchStalls()
    const began = performance.now()
    const answers = [1, 2, 3].map((n) => ann.client.send({ user: 'bob' }, 'note', n))
    await until(() => heard.length === 3)
    const untilHeard = performance.now() - began
    expect(await Promise.all(answers)).toEqual([1, 2, 3].map(() => ({ ok: true, recipients: 1 })))
    const untilCounted = performance.now() - began
    // The engine has noticed that it is gone.
    dying.kill()
    const again = performance.now()
    expect(await ann.client.send({ user: 'bob' }, 'note')).toEqual({ ok: true, recipients: 1 })
    const later = performance.now() - again

    const stall = await endWatch()
    expect(untilHeard).toBeLessThan(400 + stall)
    expect(untilCounted).toBeGreaterThan(450)
    expect(untilCounted).toBeLessThan(1500 + stall)
    expect(later).toBeLessThan(400 + stall)
  })
})

test('G2: active-device with the devices on different nodes: exactly one receives, the one that was last connected or used', async () => {
  const { nodes } = await startMemoryNodes(3, { deliverTo: 'active-device' })
  const [one, two, three] = nodes
  const ann = await one.connect('ann')
  const device = async (node: TestServer) => {
    const bob = await node.connect('bob')
    return { ...bob, heard: await bob.hear({ user: 'ann' }), states: await bob.watch({ user: 'ann' }) }
  }
  const devices = [await device(two), await device(three)]
  const [phone, laptop] = devices as [(typeof devices)[0], (typeof devices)[0]]
  ann.client.typing({ user: 'bob' }).startActivity('typing')
  /** Waits until exactly this device shows who types, and expects that exactly this device receives messages. */
  const expectActive = async (index: number) => {
    const shown = () => devices.map(({ states }) => names(states.at(-1))?.length ?? 0)
    await until(() => shown().every((count, at) => count === (at === index ? 1 : 0)), `device ${index} is active`)
    for (const { heard } of devices) heard.length = 0
    await ann.client.send({ user: 'bob' }, 'note', 'first')
    await ann.client.send({ user: 'bob' }, 'note', 'last')
    await until(() => devices[index]!.heard.length === 2)
    for (const { socket, settled } of devices) if (socket.connected) await settled()
    expect(devices.map(({ heard }) => heard.length)).toEqual(devices.map((_, at) => (at === index ? 2 : 0)))
  }
  await expectActive(1)
  await phone.client.send({ group: 'elsewhere' }, 'note')
  await expectActive(0)
  laptop.socket.emit(ACTIVE)
  await expectActive(1)
  phone.socket.emit(ACTIVE)
  await expectActive(0)
  devices.push(await device(one))
  await expectActive(2)
  devices.pop()!.close()
  await expectActive(0)
  phone.socket.disconnect()
  await expectActive(1)
  phone.socket.connect()
  await until(() => phone.client.connection.getState() === 'online')
  await expectActive(0)
})

test('G2: of two devices on different nodes that are active in the same instant, one is chosen, and at least one always receives', async () => {
  const { nodes } = await startMemoryNodes(2, { deliverTo: 'active-device' })
  const [one, two] = nodes
  const ann = await one.connect('ann')
  const devices = [await one.connect('bob'), await two.connect('bob')] as const
  const states = [await devices[0].watch({ user: 'ann' }), await devices[1].watch({ user: 'ann' })]
  const heard = [await devices[0].hear({ user: 'ann' }), await devices[1].hear({ user: 'ann' })]
  const shown = () => states.map((list) => names(list.at(-1))?.length ?? 0)
  ann.client.typing({ user: 'bob' }).startActivity('typing')
  for (let round = 0; round < 20; round++) {
    for (const { socket } of devices) socket.emit(ACTIVE)
    for (const list of heard) list.length = 0
    await ann.client.send({ user: 'bob' }, 'note')
    await until(() => heard.some(({ length }) => length), 'a device receives the message')
    await until(() => ['0,1', '1,0'].includes(shown().join()), 'one device is chosen')
  }
})

test('bots receive, send and type across nodes', async () => {
  const { nodes } = await startMemoryNodes(2, { countRecipients: true })
  const [one, two] = nodes
  const bot = one.online.createBot({ id: 'bot', name: 'Bot' })
  const asked: OnlineMessage[] = []
  bot.subscribe(group, {
    message(message) {
      asked.push(message)
      void bot.send({ conversation: { user: message.from.id }, command: 'note', data: 'thinking' })
      void bot.send({ conversation: group, command: 'textInput', data: { ttl: 7000, activity: 'thinking' } })
    },
    typists() {},
  })
  const bob = await two.connect('bob')
  const heard = await bob.hear({ user: 'bot' })
  const states = await bob.watch(group)
  expect(await bob.client.send(group, 'note', 'who are you?')).toEqual({ ok: true, recipients: 1 })
  await until(() => heard.length && states.length)
  expect(asked).toEqual([{ conversation: group, command: 'note', data: 'who are you?', from: { id: 'bob' } }])
  expect(heard).toEqual([
    { conversation: { user: 'bot' }, command: 'note', data: 'thinking', from: { id: 'bot', name: 'Bot' } },
  ])
  expect(states.at(-1)?.typists).toMatchObject([{ id: 'bot', name: 'Bot', activity: 'thinking' }])
})

test('the rate limit of a group also holds on a node where nobody is subscribed to it', async () => {
  const { nodes } = await startMemoryNodes(2, { rateLimits: { perGroup: 2 } })
  const [one] = nodes
  const ann = await one.connect('ann')
  const results = await Promise.all([1, 2, 3, 4, 5].map((n) => ann.client.send(group, 'note', n, { priority: 'high' })))
  expect(results.map(({ ok }) => ok)).toEqual([true, true, true, true, false])
})

describe('one process', () => {
  test('has no bus, and Socket.IO prints no warning', async () => {
    const warn = vi.spyOn(console, 'warn')
    for (const io of [{}, { connectionStateRecovery: {} }]) {
      const server = await startServer({ io })
      const ann = await server.connect('ann')
      await ann.client.send(group, 'note')
      expect(server.online.stats()).not.toHaveProperty('bus')
      expect(server.io.listenerCount('om:bus')).toBe(0)
    }
    expect(warn).not.toHaveBeenCalled()
    warn.mockRestore()
  })

  test('an adapter that is set too late is reported, once', async () => {
    const error = vi.spyOn(console, 'error').mockImplementation(() => {})
    const server = await startServer()
    const redis = await startRedis()
    const { adapter, close } = await openAdapter(DEFAULT_ADAPTER, redis.port)
    server.io.adapter(adapter)
    await server.connect('ann')
    await server.connect('bob')
    await server.close()
    await close()
    expect(error.mock.calls).toEqual([[expect.stringContaining('Set it first')]])
    error.mockRestore()
  })
})

import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Conversation, Transport } from '../../../src/core/index.ts'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { type BotNodes, createBotNodes, hear, watch } from '../../support/cluster/bot-nodes.ts'
import { pass } from '../../support/cluster/link.ts'
import type { MemoryEngineOptions } from '../../support/cluster/memory-engine.ts'

let nodes: BotNodes | undefined
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  nodes?.close()
  vi.useRealTimers()
})

const MINUTE = 60_000
const group = { group: 'team' }

function start(plugin: Partial<OnlineMessageServerOptions> = {}, engine: MemoryEngineOptions = {}): BotNodes {
  nodes = createBotNodes(plugin, engine)
  return nodes
}

const type = (transport: Transport, conversation: Conversation, ttl = MINUTE) =>
  void transport.send({ conversation, command: 'textInput', data: { ttl, activity: 'typing' } })

describe.each(['every-device', 'active-device'] as const)('deliverTo: %s', (deliverTo) => {
  test('nodes on which nobody sends or types exchange nothing, however many are subscribed', async () => {
    const { engine, addNode } = start({ deliverTo })
    const nodes = [addNode(), addNode(), addNode()]
    for (const [index, { server }] of nodes.entries()) {
      const bot = server.createBot(`user-${index}`)
      watch(bot, group)
      watch(bot, { user: 'ann' })
    }
    await pass(1000)
    engine.resetCounts()
    await pass(30 * MINUTE)
    expect(engine.counts).toEqual({ messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 })
    expect(nodes.map(({ server }) => server.stats().bus?.pending)).toEqual([0, 0, 0])
  })
})

test('a node reads a conversation for 5 s after its last device has unsubscribed, and then nothing of it is left', async () => {
  const { engine, addNode } = start()
  const [one, two] = [addNode(), addNode()]
  const [ann, bob] = [one.server.createBot('ann'), two.server.createBot('bob')]
  const { end, seen } = watch(bob, group)
  type(ann, group)
  await pass(300)
  expect(seen).toEqual([['ann']])
  end()
  await pass(1000)
  // Back again: it is shown at once.
  const again = watch(bob, group)
  await pass(0)
  expect(again.seen).toEqual([['ann']])
  again.end()
  await pass(7000)
  expect(two.server.stats().bus).toMatchObject({ leases: 0, channels: 1 })
  expect(engine.channels().filter((channel) => channel.startsWith('group:'))).toEqual([])
})

test('R3: a typist who stops while the engine is down is not shown any more, soon after it is back', async () => {
  const { engine, addNode } = start()
  const [one, two] = [addNode(), addNode()]
  const ann = one.server.createBot('ann')
  const bob = two.server.createBot('bob')
  const { seen } = watch(bob, group)
  // Nobody has typed here.
  watch(bob, { user: 'ann' })
  type(ann, group)
  await pass(300)
  engine.interrupt()
  type(ann, group, 0)
  await pass(1000)
  expect(seen.at(-1)).toEqual(['ann'])
  engine.restore()
  await pass(3000)
  expect(seen.at(-1)).toEqual([])
})

describe('R3: typing that changes while messages need longer than maxAge', () => {
  test.each([2100, 3000, 4900])('is right within 3 s after a stall of %d ms', async (stall) => {
    const { addNode } = start()
    const [one, two] = [addNode(), addNode()]
    const [ann, cy, bob] = [one.server.createBot('ann'), one.server.createBot('cy'), two.server.createBot('bob')]
    const { seen } = watch(bob, group)
    type(ann, group)
    await pass(300)
    expect(seen.at(-1)).toEqual(['ann'])
    two.bus.hold()
    type(ann, group, 0)
    type(cy, group)
    await pass(stall)
    two.bus.release()
    await pass(3000)
    expect(seen.at(-1)).toEqual(['cy'])
  })

  test('makes the node ask who types, at most once a second', async () => {
    const { addNode, addFake } = start()
    const { server } = addNode()
    const fake = addFake()
    const channel = fake.channels.conversation('ann', group)
    fake.read(fake.channels.questions(channel))
    const { seen } = watch(server.createBot('bob'), group)
    await pass(100)
    const lease = { device: 1, user: { id: 'ann' }, session: { activity: 'typing', since: 1 } } as const
    fake.publish(channel, { kind: 'leases', channel: '', leases: [lease] })
    await pass(2000)
    expect([seen, fake.receivedOf('question').length]).toEqual([[['ann']], 1])
    for (let n = 0; n < 50; n++) {
      const message = { kind: 'leases', channel: '', leases: [lease] } as const
      fake.publishAs({ channel, message, number: 100 + n, sentAt: fake.now() - 2500 })
      await pass(100)
    }
    // In five seconds.
    expect(fake.receivedOf('question').length).toBeGreaterThanOrEqual(5)
    expect(fake.receivedOf('question').length).toBeLessThanOrEqual(6)
    expect(seen.at(-1)).toEqual([])
  })
})

describe('deliverTo: active-device', () => {
  const toBob = { user: 'bob' }
  const elsewhere = { group: 'elsewhere' }
  const use = (device: Transport) => device.send({ conversation: elsewhere, command: 'note', data: 0 })

  /** Bob has a phone on one node and a laptop on another one, and Ann writes to him from a third one. */
  async function startBob(engine: MemoryEngineOptions = {}) {
    const started = start({ deliverTo: 'active-device' }, engine)
    const [one, two, three] = [started.addNode(), started.addNode(), started.addNode()]
    const ann = one.server.createBot('ann')
    const [phone, laptop] = [two.server.createBot('bob'), three.server.createBot('bob')]
    const onPhone = hear(phone, { user: 'ann' })
    await pass(1000)
    const onLaptop = hear(laptop, { user: 'ann' })
    await pass(1000)
    const send = async (data: unknown) => {
      onPhone.heard.length = onLaptop.heard.length = 0
      await ann.send({ conversation: toBob, command: 'note', data })
      await pass(100)
      return { phone: onPhone.heard.length, laptop: onLaptop.heard.length }
    }
    return { ...started, one, two, three, ann, phone, laptop, onPhone, onLaptop, send }
  }

  test('the device that was used last has it, also when it sends to a group', async () => {
    const { phone, laptop, send } = await startBob()
    expect(await send(1)).toEqual({ phone: 0, laptop: 1 })
    hear(phone, elsewhere)
    expect(await use(phone)).toEqual({ ok: true })
    await pass(100)
    expect(await send(2)).toEqual({ phone: 1, laptop: 0 })
    expect(await use(laptop)).toEqual({ ok: true })
    await pass(100)
    expect(await send(3)).toEqual({ phone: 0, laptop: 1 })
  })

  test('the node that has the active device says so again and again, and nothing moves', async () => {
    const { send, engine } = await startBob()
    engine.resetCounts()
    await pass(MINUTE)
    // Once in 5 s.
    expect(engine.counts.messagesIn).toBeGreaterThanOrEqual(11)
    expect(engine.counts.messagesIn).toBeLessThanOrEqual(12)
    expect(await send(1)).toEqual({ phone: 0, laptop: 1 })
  })

  test('when the node of the active device dies, another device has it within 10 s', async () => {
    const { three, send } = await startBob()
    three.kill()
    expect(await send(1)).toEqual({ phone: 0, laptop: 0 })
    await pass(10_000)
    expect(await send(2)).toEqual({ phone: 1, laptop: 0 })
  })

  test('when the active device unsubscribes, another one has it at once', async () => {
    const { onLaptop, send } = await startBob()
    onLaptop.end()
    await pass(100)
    expect(await send(1)).toEqual({ phone: 1, laptop: 0 })
  })

  test('a claim that arrives late is not believed: both devices receive until the other node repeats its claim', async () => {
    const { addFake, laptop, send } = await startBob()
    const fake = addFake()
    const channel = fake.channels.conversation('ann', toBob)
    // What the laptop's node claims from now on has no effect.
    const claim = { kind: 'active-device', number: 1_000_000, activeAt: fake.now() } as const
    fake.publishAs({ channel, message: claim, number: 1, sentAt: fake.now() })
    await pass(100)
    fake.publishAs({ channel, message: { ...claim, number: 2_000_000 }, number: 2, sentAt: fake.now() - 3000 })
    await pass(100)
    const { phone: toPhone, laptop: toLaptop } = await send(1)
    expect(toPhone + toLaptop).toBeGreaterThan(0)
    await use(laptop)
    await pass(100)
    expect(await send(2)).toEqual({ phone: 0, laptop: 1 })
  })

  test('a node whose clock is another one gives up the active device: another device has it at once', async () => {
    const { addFake, send } = await startBob()
    const ahead = addFake({ ahead: 3_600_000 })
    const channel = ahead.channels.conversation('ann', toBob)
    ahead.publish(channel, { kind: 'active-device', number: 1000, activeAt: ahead.now() })
    await pass(100)
    expect(await send(1)).toEqual({ phone: 0, laptop: 0 })
    ahead.publish(channel, { kind: 'active-device', number: 0, activeAt: 0 })
    await pass(100)
    const { phone, laptop } = await send(2)
    expect(phone + laptop).toBeGreaterThan(0)
  })

  test('once nobody is subscribed any more, nothing is checked', async () => {
    const { addNode } = start({ deliverTo: 'active-device' })
    const bob = addNode().server.createBot('bob')
    const before = vi.getTimerCount()
    const { end } = hear(bob, { user: 'ann' })
    await pass(3000)
    expect(vi.getTimerCount()).toBe(before + 1)
    end()
    await pass(10_000)
    expect(vi.getTimerCount()).toBe(before)
  })

  test('a node that closes leaves no timer', async () => {
    await startBob()
    nodes?.close()
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('T3: one-to-one, what anybody but the other party writes on the channel is ignored', async () => {
  const { addNode, addFake } = start()
  const bob = addNode().server.createBot('bob')
  const { heard } = hear(bob, { user: 'ann' })
  const { seen } = watch(bob, { user: 'ann' })
  const fake = addFake()
  await pass(100)
  const channel = fake.channels.conversation('ann', { user: 'bob' })
  for (const id of ['mallory', 'ann']) {
    const session = { activity: 'typing', since: 1 } as const
    const data = JSON.stringify(`from ${id}`)
    fake.publish(channel, { kind: 'message', countId: 0, age: 0, user: { id }, command: 'note', data })
    fake.publish(channel, { kind: 'leases', channel: '', leases: [{ device: 1, user: { id }, session }] })
    await pass(100)
  }
  expect([heard, seen]).toEqual([['from ann'], [['ann']]])
})

test('what another node says of a conversation that is not read any more, or is no matter of it, does no harm', async () => {
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  const { engine, addNode, addFake } = start({ deliverTo: 'active-device' })
  const bob = addNode().server.createBot('bob')
  const inGroup = hear(bob, group)
  const { end } = hear(bob, { user: 'ann' })
  await pass(100)
  end()
  const fake = addFake()
  let number = 0
  for (const channel of engine.channels()) {
    number++
    const claim = { kind: 'active-device', number, activeAt: fake.now() } as const
    fake.publish(channel, claim)
    fake.publishAs({ channel, message: claim, number: 1000 + number, sentAt: fake.now() - 3000 })
    fake.publish(channel, { kind: 'leases', channel: 'group:unknown', leases: [] })
  }
  await pass(1000)
  const data = JSON.stringify('arrives')
  const message = { kind: 'message', countId: 0, age: 0, user: { id: 'ann' }, command: 'note', data } as const
  fake.publish(fake.channels.conversation('ann', group), message)
  await pass(100)
  process.off('uncaughtException', uncaught)
  expect([inGroup.heard, uncaught.mock.calls]).toEqual([['arrives'], []])
})

import { Server } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Conversation, Transport } from '../../../src/core/index.ts'
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { createFakeNode } from '../../support/cluster/fake-node.ts'
import { createFaultyBus } from '../../support/cluster/faulty-bus.ts'
import { pass } from '../../support/cluster/link.ts'
import { createMemoryEngine } from '../../support/cluster/memory-engine.ts'

const closes: (() => void)[] = []
beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  for (const close of closes.splice(0)) close()
  vi.useRealTimers()
})

const MINUTE = 60_000
const group = { group: 'team' }

/** Nodes whose devices are bots, on an engine in this process. */
function start(plugin: Partial<OnlineMessageServerOptions> = {}) {
  const engine = createMemoryEngine()
  const addNode = () => {
    const bus = createFaultyBus(engine.connect().bus, {})
    const server = attachOnlineMessages(new Server(), { identify: () => null, authorize: 'anyone', ...plugin, bus })
    closes.push(server.close)
    return { bus, server }
  }
  const addFake = () => createFakeNode({ bus: engine.connect().bus })
  return { engine, addNode, addFake }
}

/** Who types, as a subscriber is notified. */
function watch(transport: Transport, conversation: Conversation) {
  const seen: string[][] = []
  const end = transport.subscribe(conversation, {
    message() {},
    typists: ({ typists }) => seen.push(typists.map(({ id }) => id)),
  })
  return { seen, end }
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

import { afterEach, expect, test } from 'vitest'
import type { BusMessage, PublishedLease } from '../../../src/server/cluster/bus-message.ts'
import { createFakeNode } from '../../support/cluster/fake-node.ts'
import { createMemoryEngine } from '../../support/cluster/memory-engine.ts'
import { closeAll, names, startServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }
const ann = { id: 'ann' }

afterEach(closeAll)

/** A real node to which Bob is connected, and a fake one whose messages overtake each other, as NOTIFYs on a pool do. */
async function start() {
  const engine = createMemoryEngine()
  const node = await startServer({ plugin: { bus: engine.connect().bus } })
  const fake = createFakeNode({ bus: engine.connect().bus })
  const bob = await node.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  const channel = fake.channels.conversation('ann', group)
  fake.publish(channel, message(-1))
  await until(() => heard.length === 1)
  heard.length = 0
  /** Publishes a message with a number, counted from those before. */
  const publishNumber = (number: number, what: BusMessage, where = channel) =>
    fake.publishAs({ channel: where, message: what, number })
  return { node, fake, bob, heard, states, channel, first: fake.latestNumber() + 1, publishNumber }
}

const message = (data: number): BusMessage => ({
  kind: 'message',
  countId: 0,
  age: 0,
  user: ann,
  command: 'note',
  data: String(data),
})
const leases = (session: PublishedLease['session'], channel = ''): BusMessage => ({
  kind: 'leases',
  channel,
  leases: [{ device: 1, user: ann, session }],
})

test('of ten messages in one tick that overtake each other all ten arrive, each once', async () => {
  const { node, heard, first, publishNumber } = await start()
  const order = [2, 0, 1, 5, 3, 9, 4, 8, 6, 7]
  for (const n of [...order, ...order]) publishNumber(first + n, message(n))
  await until(() => heard.length >= 10)
  publishNumber(first + 10, message(10))
  await until(() => heard.at(-1)?.data === 10)
  expect(heard.map(({ data }) => data)).toEqual([...order, 10])
  expect(node.online.stats().bus?.dropped).toBe(10)
})

test('R3: a lease that its own end has overtaken does not begin', async () => {
  const { heard, states, first, publishNumber } = await start()
  const since = Date.now()
  publishNumber(first + 1, leases(undefined))
  publishNumber(first, leases({ activity: 'typing', since }))
  publishNumber(first + 2, message(1))
  await until(() => heard.length === 1)
  expect(states).toEqual([])
})

test('R3: an answer that later changes have overtaken is not used, and the next one is', async () => {
  const { node, fake, heard, states, channel, first, publishNumber } = await start()
  const since = Date.now()
  await until(() => node.online.stats().bus?.nodes === 1)
  const [question] = fake.received
  const own = fake.channels.node(question!.node)
  publishNumber(first, leases({ activity: 'typing', since }))
  await until(() => names(states.at(-1))?.join() === 'ann')
  publishNumber(first + 2, leases(undefined))
  publishNumber(first + 1, leases({ activity: 'typing', since }, channel), own)
  publishNumber(first + 3, message(1))
  await until(() => heard.length === 1 && states.at(-1)?.total === 0)
  publishNumber(first + 4, leases({ activity: 'recording', since }, channel), own)
  await until(() => states.at(-1)?.typists[0]?.activity === 'recording')
  expect(states.map(({ total }) => total)).toEqual([1, 0, 1])
})

test('revoke: a revocation that others have overtaken counts', async () => {
  const { bob, fake, first, publishNumber } = await start()
  publishNumber(first + 1, message(1))
  const notice = { kind: 'revocation', at: fake.now(), user: 'bob', conversation: group } as const
  publishNumber(first, notice, fake.channels.user('bob'))
  await until(() => bob.errors.length > 0)
})

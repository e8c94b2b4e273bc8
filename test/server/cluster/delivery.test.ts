import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest'
import type { OnlineMessage } from '../../../src/core/index.ts'
import { clientsOf, closeAll, type TestClient, until } from '../../support/server/harness.ts'
import { ADAPTERS } from '../../support/cluster/adapters.ts'
import { startWorkers } from '../../support/cluster/node-process.ts'
import { startMemoryNodes, startNodes } from '../../support/cluster/nodes.ts'
import { startRedis, type TestRedis } from '../../support/cluster/redis.ts'

const group = { group: 'team' }
const COUNT = 100

type Node = Pick<ReturnType<typeof clientsOf>, 'connect'>

/** Everybody sends the numbers from 0 to `COUNT`, and everybody else receives them, once and in order. */
async function expectEverybodyToReceive(nodes: readonly Node[]): Promise<void> {
  const users = ['ann', 'bob', 'cy']
  const clients = await Promise.all(nodes.map((node, index) => node.connect(users[index]!)))
  // Ann's second device is on another node than her first one.
  const annToo = await nodes.at(-1)!.connect('ann')
  const all = [...clients, annToo]
  const heard = await Promise.all(all.map((client) => client.hear(group)))
  const [ann, bob] = clients as [TestClient, TestClient]
  const bobPrivately = await bob.hear({ user: 'ann', thread: 'lunch' })
  const notForBob = await bob.hear({ user: 'cy' })
  const annPrivately = await annToo.hear({ user: 'bob' })
  for (const { client } of clients) {
    for (let n = 0; n < COUNT; n++) void client.send(group, 'note', n)
  }
  await ann.client.send({ user: 'bob', thread: 'lunch' }, 'note', { secret: true })
  await bob.client.send({ user: 'ann' }, 'note', 'hello')
  for (const { client } of clients) await client.send(group, 'note', 'end')

  const from = (messages: readonly OnlineMessage[], user: string) =>
    messages.filter((message) => message.from.id === user).map(({ data }) => data)
  const ends = (messages: readonly OnlineMessage[]) => messages.filter(({ data }) => data === 'end').length
  await until(() => heard.every((messages) => ends(messages) === clients.length - 1))
  const numbers = [...Array.from({ length: COUNT }, (_, n) => n), 'end']
  for (const [index, { user }] of all.entries()) {
    // T4: nobody receives their own messages, on any device or node. T6, T1: nothing is lost or twice, all is in order.
    for (const other of clients) expect(from(heard[index]!, other.user)).toEqual(other.user === user ? [] : numbers)
  }
  expect(bobPrivately).toEqual([
    { conversation: { user: 'ann', thread: 'lunch' }, command: 'note', data: { secret: true }, from: { id: 'ann' } },
  ])
  await until(() => annPrivately.length)
  expect(annPrivately.map(({ data }) => data)).toEqual(['hello'])
  expect(notForBob).toEqual([])
}

/** What the first node counts: it has sent Ann's messages, and has read the group and no other conversation. */
const STATS_OF_FIRST = {
  bus: { nodes: 2, messagesOut: COUNT + 2, messagesIn: 2 * (COUNT + 1), dropped: 0 },
  dropped: { expired: 0, offline: 0 },
}

describe('a bus in this process', () => {
  afterEach(closeAll)

  test.each([
    ['that counts subscribers', true],
    ['that does not', false],
  ])('T4, T6: three nodes receive everything from each other, once and in order, %s', async (_, countsSubscribers) => {
    const { nodes } = await startMemoryNodes(3, {}, { countsSubscribers })
    await expectEverybodyToReceive(nodes)
    const [first] = nodes
    expect(first.online.stats()).toMatchObject(STATS_OF_FIRST)
  })
})

describe.each(ADAPTERS)('%s', (adapterName) => {
  let redis: TestRedis
  beforeAll(async () => {
    redis = await startRedis()
  })
  afterAll(closeAll)

  test('T4, T6, G3: three nodes receive everything from each other, once and in order, and Redis stores nothing', async () => {
    const nodes = await startNodes(3, redis.port, {}, adapterName)
    await expectEverybodyToReceive(nodes)
    expect([redis.cli('KEYS', '*'), redis.cli('XLEN', 'socket.io')]).toEqual([[], ['0']])
    const [first] = nodes
    expect(first!.online.stats()).toMatchObject(STATS_OF_FIRST)
  })
})

describe('cluster-adapter', () => {
  afterEach(closeAll)

  test('T4, T6: three workers of one cluster receive everything from each other, once and in order', async () => {
    const workers = await startWorkers(3)
    await expectEverybodyToReceive(workers.map(({ url }) => clientsOf(url)))
  })
})

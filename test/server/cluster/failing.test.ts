import { afterAll, describe, expect, test } from 'vitest'
import type { OnlineMessage } from '../../../src/core/index.ts'
import { startNetworkProxy } from '../../support/network-proxy.ts'
import {
  atEnd,
  clientsOf,
  closeAll,
  names,
  type TestClient,
  type TestServer,
  until,
} from '../../support/server/harness.ts'
import { RECONNECTING_ADAPTERS } from '../../support/cluster/adapters.ts'
import { startNodeProcess } from '../../support/cluster/node-process.ts'
import { untilAllAlive, DEFAULT_ADAPTER, startNode, startNodes } from '../../support/cluster/nodes.ts'
import { startRedis, type TestRedis } from '../../support/cluster/redis.ts'
import { shareRedis } from '../../support/cluster/share-redis.ts'
import { startFakeNode } from '../../support/cluster/fake-node.ts'

const group = { group: 'team' }
const MAX_AGE = 2000

// These tests take long because time has to pass. So they run at the same time, each with a Redis of its own.
describe.concurrent('at the same time', () => {
  afterAll(closeAll)

  /** Ann sends a number every 50 ms. Bob receives them on another node, and Cy on Ann's node. */
  async function startTalk(redis: TestRedis, adapterName: (typeof RECONNECTING_ADAPTERS)[number]) {
    const nodes = await startNodes(2, redis.port, {}, adapterName)
    const [one, two] = nodes as [TestServer, TestServer]
    const [ann, bob, cy] = [await one.connect('ann'), await two.connect('bob'), await one.connect('cy')]
    const heard = { bob: [] as [number, number][], cy: [] as [number, number][] }
    const record = async (client: TestClient, list: [number, number][]) => {
      client.client.subscribe(group, 'note', ({ data }: OnlineMessage) =>
        list.push([data as number, performance.now()]),
      )
      await client.settled()
    }
    await record(bob, heard.bob)
    await record(cy, heard.cy)
    const sent: number[] = []
    const timer = setInterval(() => {
      void ann.client.send(group, 'note', sent.length)
      sent.push(performance.now())
    }, 50)
    await until(() => heard.bob.length >= 5)
    return { nodes, ann, bob, cy, heard, sent, end: () => clearInterval(timer), now: () => performance.now() }
  }

  const wait = (began: number, milliseconds: number) =>
    until(() => performance.now() - began >= milliseconds, 'time passes', milliseconds + 1000)

  test.each(
    RECONNECTING_ADAPTERS.flatMap((adapterName) => [
      [adapterName, 'killed'] as const,
      [adapterName, 'paused'] as const,
    ]),
  )(
    'G1, T1, G3: Redis is down for 5 s, %s, %s: nothing is late, twice or stored, local delivery is undisturbed, and all is right within 3 s',
    async (adapterName, how) => {
      const redis = await startRedis()
      const { nodes, ann, bob, heard, sent, end } = await startTalk(redis, adapterName)
      // Ann stops typing during the outage, and Dan begins.
      const before = ann.client.typing(group)
      before.keystroke()
      const states = await bob.watch(group)
      await until(() => names(states.at(-1))?.length === 1)

      const down = performance.now()
      if (how === 'killed') await redis.kill()
      else redis.pause()
      before.stop()
      const dan = await nodes[0]!.connect('dan')
      dan.client.typing(group).startActivity('typing')
      await wait(down, 5000)
      const back = performance.now()
      if (how === 'killed') await redis.restart()
      else redis.resume()
      const up = performance.now()
      await until(() => heard.bob.some(([n]) => sent[n]! > up), 'messages arrive again', 3000)
      await until(
        () => names(states.at(-1))?.join() === 'dan',
        'the typists are right',
        Math.ceil(3000 - (performance.now() - up)),
      )
      const last = sent.length + 5
      await until(() => heard.bob.some(([n]) => n >= last) && heard.cy.some(([n]) => n >= last))
      end()

      const numbers = heard.bob.map(([n]) => n)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      const ages = heard.bob.map(([n, at]) => at - sent[n]!)
      // Of the messages of the outage, only those may arrive that are younger than maxAge when Redis is back.
      expect(Math.max(...ages)).toBeLessThan(MAX_AGE + 100)
      expect(heard.bob.filter(([, at]) => at > down + 500 && at < back)).toEqual([])
      expect(heard.cy.map(([n]) => n).slice(0, last)).toEqual(Array.from({ length: last }, (_, n) => n))
      expect(Math.max(...heard.cy.map(([n, at]) => at - sent[n]!))).toBeLessThan(500)
      expect([redis.cli('KEYS', '*'), redis.cli('XLEN', 'socket.io')]).toEqual([[], ['0']])
    },
  )

  test('G1, T1, G3: three nodes, Redis killed for 5 s, a node killed with -9: nothing is late, twice or stored, local delivery is undisturbed', async () => {
    const redis = await startRedis()
    const { nodes, bob, heard, sent, end } = await startTalk(redis, DEFAULT_ADAPTER)
    const dying = await startNodeProcess({ adapter: DEFAULT_ADAPTER, redisPort: redis.port })
    await untilAllAlive(nodes, 2)
    const eve = await clientsOf(dying.url).connect('eve')
    const heardByEve: [number, number][] = []
    eve.client.subscribe(group, 'note', ({ data }) => heardByEve.push([data as number, performance.now()]))
    const states = await bob.watch(group)
    eve.client.typing(group).startActivity('typing')
    await until(() => names(states.at(-1))?.join() === 'eve' && heardByEve.length > 5)

    const down = performance.now()
    await redis.kill()
    await wait(down, 5000)
    await redis.restart()
    const up = performance.now()
    const after = (list: [number, number][]) => list.some(([n]) => sent[n]! > up)
    await until(() => after(heard.bob) && after(heardByEve), 'messages arrive again', 3000)
    await until(() => names(states.at(-1))?.join() === 'eve', 'the typists are right', 3000)

    await dying.kill()
    await until(() => names(states.at(-1))?.length === 0, 'the typist is gone', 8000)
    const last = sent.length + 5
    await until(() => heard.bob.some(([n]) => n >= last) && heard.cy.some(([n]) => n >= last))
    end()

    for (const list of [heard.bob, heardByEve]) {
      const numbers = list.map(([n]) => n)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      expect(Math.max(...list.map(([n, at]) => at - sent[n]!))).toBeLessThan(MAX_AGE + 100)
    }
    // After the outage, nothing is lost between the other nodes when one node dies.
    const first = sent.findIndex((at) => at > up + 3000)
    const since = heard.bob.map(([n]) => n).filter((n) => n >= first && n < last)
    expect(since).toEqual(Array.from({ length: last - first }, (_, n) => first + n))
    expect(heard.cy.map(([n]) => n).slice(0, last)).toEqual(Array.from({ length: last }, (_, n) => n))
    expect(Math.max(...heard.cy.map(([n, at]) => at - sent[n]!))).toBeLessThan(500)
    expect([redis.cli('KEYS', '*'), redis.cli('XLEN', 'socket.io')]).toEqual([[], ['0']])
  })

  test('S5: the typists of a node that dies are gone within 8 s, and so is the node', async () => {
    const redis = await startRedis()
    const [one] = (await startNodes(1, redis.port)) as [TestServer]
    const dying = await startNodeProcess({ adapter: DEFAULT_ADAPTER, redisPort: redis.port })
    await untilAllAlive([one], 1)
    const [ann, bob] = [await clientsOf(dying.url).connect('ann'), await one.connect('bob')]
    const states = await bob.watch(group)
    ann.client.typing(group).startActivity('typing')
    await until(() => names(states.at(-1))?.length === 1)
    await dying.kill()
    const died = performance.now()
    await until(() => names(states.at(-1))?.length === 0, 'the typist is gone', 8000)
    expect(performance.now() - died).toBeGreaterThan(2000)
    expect(one.online.stats().bus).toMatchObject({ nodes: 0, leases: 0 })
  })

  test('a node that has been alone for long publishes nothing but heartbeats', async () => {
    const redis = await startRedis()
    const node = await startNode(redis.port)
    const fake = await startFakeNode(redis.port)
    const ann = await node.connect('ann')
    await ann.client.send(group, 'note', 'early')
    await until(() => fake.receivedOf('message').length > 0)
    const began = performance.now()
    await until(() => performance.now() - began > 5200, 'the node has been alone for long', 6000)
    fake.received.length = 0
    await ann.client.send(group, 'note', 'late')
    await until(() => fake.received.length >= 2)
    expect(new Set(fake.received.map(([, , , , kind]) => kind))).toEqual(new Set(['heartbeat']))
    // The message has a number all the same, so that a new node finds out that it has missed something.
    const numbers = fake.received.map(([, , number]) => number)
    expect(numbers.at(-1)! - numbers[0]!).toBeGreaterThanOrEqual(fake.received.length - 1)
    fake.heartbeat()
    fake.publish('snapshot', 0, 1, [])
    await until(() => node.online.stats().bus?.nodes === 1)
    await ann.client.send(group, 'note', 'again')
    await until(() => fake.receivedOf('message').length > 0)
  })
})

describe('a node', () => {
  const redis = shareRedis()

  test('whose clock is two hours ahead or behind delivers messages and typing, and knows how old they are', async () => {
    const [here] = (await startNodes(1, redis.port)) as [TestServer]
    const hour = 3_600_000
    const [ahead, behind] = await Promise.all(
      [2 * hour, -2 * hour].map((ms) =>
        startNodeProcess({ adapter: DEFAULT_ADAPTER, redisPort: redis.port, clockAhead: ms }),
      ),
    )
    await untilAllAlive([here], 2)
    const users = ['ann', 'bob', 'cy']
    const clients = [
      await here.connect(users[0]!),
      await clientsOf(ahead!.url).connect(users[1]!),
      await clientsOf(behind!.url).connect(users[2]!),
    ]
    const heard = await Promise.all(clients.map((client) => client.hear(group)))
    const states = await Promise.all(clients.map((client) => client.watch(group)))
    for (const { client, user } of clients) await client.send(group, 'note', user)
    for (const { client } of clients) client.typing(group).keystroke()
    const others = users.map((user) => users.filter((other) => other !== user))
    await until(() => heard.every(({ length }) => length === 2) && states.every((list) => list.at(-1)?.total === 2))
    expect(heard.map((list) => list.map(({ from }) => from.id).sort())).toEqual(others)
    // Each client gets the times by the clock of its own node.
    const clocks = [0, 2 * hour, -2 * hour]
    for (const [index, list] of states.entries()) {
      const off = list.at(-1)!.typists.map(({ since }) => Math.abs(since - clocks[index]! - Date.now()))
      expect(Math.max(...off)).toBeLessThan(5000)
    }
    expect((await behind!.stats()).dropped.expired).toBe(0)
  })

  test('G2, G1: a device that connects while the bus is slow does not receive an earlier message; a device that was connected does', async () => {
    const proxy = await startNetworkProxy(redis.port)
    atEnd(proxy.close)
    const one = await startNode(redis.port)
    const two = await startNode(Number(new URL(proxy.url).port))
    await untilAllAlive([one, two])
    const [ann, phone] = [await one.connect('ann'), await two.connect('bob')]
    const heard = await phone.hear({ user: 'ann' })
    proxy.stall()
    const began = performance.now()
    await ann.client.send({ user: 'bob' }, 'note', 'before')
    await until(() => performance.now() - began > 600, 'some time passes')
    const laptop = await two.connect('bob')
    const heardLate = await laptop.hear({ user: 'ann' })
    await until(() => performance.now() - began > 1300, 'more time passes')
    proxy.resume()
    await until(() => heard.length === 1)
    await ann.client.send({ user: 'bob' }, 'note', 'after')
    await until(() => heard.length === 2 && heardLate.length === 1)
    expect([heard, heardLate].map((list) => list.map(({ data }) => data))).toEqual([['before', 'after'], ['after']])
    proxy.stall()
    await ann.client.send({ user: 'bob' }, 'note', 'late')
    const stalled = performance.now()
    await until(() => performance.now() - stalled > MAX_AGE + 100, 'the message expires')
    proxy.resume()
    await until(() => two.online.stats().dropped.expired === 1)
    await ann.client.send({ user: 'bob' }, 'note', 'end')
    await until(() => heard.length === 3 && heardLate.length === 2)
    expect(heard.at(-1)?.data).toBe('end')
  })
})

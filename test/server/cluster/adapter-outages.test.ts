import { afterAll, describe, expect, test } from 'vitest'
import type { OnlineMessage } from '../../../src/core/index.ts'
import { closeAll, names, type TestClient, type TestServer, until } from '../../support/server/harness.ts'
import { RECONNECTING_ADAPTERS } from '../../support/cluster/adapters.ts'
import { startNodes } from '../../support/cluster/nodes.ts'
import { startRedis, type TestRedis } from '../../support/cluster/redis.ts'
import { watchStalls } from '../../support/stalls.ts'

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

  // The fault table plays the same with one of them, and with an engine that stalls: test/faults/cluster.
  test.each(RECONNECTING_ADAPTERS)(
    'G1, T1, G3: Redis is killed for 5 s, %s: nothing is late, twice or stored, local delivery is undisturbed, and all is right within 3 s',
    async (adapterName) => {
      const redis = await startRedis()
      const endWatch = watchStalls()
      const { nodes, ann, bob, heard, sent, end } = await startTalk(redis, adapterName)
      // Ann stops typing during the outage, and Dan begins.
      const before = ann.client.typing(group)
      before.keystroke()
      const states = await bob.watch(group)
      await until(() => names(states.at(-1))?.length === 1)

      const down = performance.now()
      await redis.kill()
      before.stop()
      const dan = await nodes[0]!.connect('dan')
      dan.client.typing(group).startActivity('typing')
      await wait(down, 5000)
      const back = performance.now()
      await redis.restart()
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
      const stall = await endWatch()

      const numbers = heard.bob.map(([n]) => n)
      expect(numbers).toEqual([...new Set(numbers)].sort((a, b) => a - b))
      const ages = heard.bob.map(([n, at]) => at - sent[n]!)
      // Of the messages of the outage, only those may arrive that are younger than maxAge when Redis is back.
      expect(Math.max(...ages)).toBeLessThan(MAX_AGE + 100 + stall)
      expect(heard.bob.filter(([, at]) => at > down + 500 + stall && at < back)).toEqual([])
      expect(heard.cy.map(([n]) => n).slice(0, last)).toEqual(Array.from({ length: last }, (_, n) => n))
      expect(Math.max(...heard.cy.map(([n, at]) => at - sent[n]!))).toBeLessThan(500 + stall)
      expect([redis.cli('KEYS', '*'), redis.cli('XLEN', 'socket.io')]).toEqual([[], ['0']])
    },
  )
})

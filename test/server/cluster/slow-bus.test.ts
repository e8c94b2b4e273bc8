import { afterEach, describe, expect, test } from 'vitest'
import { createFaultyBus } from '../../support/cluster/faulty-bus.ts'
import { createMemoryEngine } from '../../support/cluster/memory-engine.ts'
import { startMemoryNodes } from '../../support/cluster/nodes.ts'
import { closeAll, names, startServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }

afterEach(closeAll)

const wait = (milliseconds: number) => {
  const began = performance.now()
  return until(() => performance.now() - began >= milliseconds, 'time passes')
}

/** A node whose way from the engine can be blocked, and another one. */
async function startWithSlowNode() {
  const engine = createMemoryEngine()
  const bus = createFaultyBus(engine.connect().bus, {})
  const one = await startServer({ plugin: { bus: engine.connect().bus } })
  const slow = await startServer({ plugin: { bus } })
  return { engine, bus, one, slow }
}

test('G2, G1: a device that connects while the bus is slow does not receive an earlier message; a device that was connected does', async () => {
  const { bus, one, slow } = await startWithSlowNode()
  const [ann, phone] = [await one.connect('ann'), await slow.connect('bob')]
  const heard = await phone.hear({ user: 'ann' })
  await ann.client.send({ user: 'bob' }, 'note', 'hello')
  await until(() => heard.length === 1)
  bus.hold()
  await ann.client.send({ user: 'bob' }, 'note', 'before')
  await wait(300)
  const laptop = await slow.connect('bob')
  const heardLate = await laptop.hear({ user: 'ann' })
  await wait(300)
  bus.release()
  await until(() => heard.length === 2)
  await ann.client.send({ user: 'bob' }, 'note', 'after')
  await until(() => heard.length === 3 && heardLate.length === 1)
  expect([heard, heardLate].map((list) => list.map(({ data }) => data))).toEqual([
    ['hello', 'before', 'after'],
    ['after'],
  ])
  bus.hold()
  await ann.client.send({ user: 'bob' }, 'note', 'expires')
  await wait(2100)
  bus.release()
  await until(() => slow.online.stats().dropped.expired === 1)
  expect([heard.length, heardLate.length]).toEqual([3, 1])
})

test('G2: the first device of a node in a conversation does not receive what was sent before it subscribed, and receives all that is sent after its subscription has taken effect', async () => {
  const { nodes } = await startMemoryNodes(2, {}, { delays: (text) => [text === '' ? 300 : 100] })
  const [one, two] = nodes
  const [ann, bob] = [await one.connect('ann'), await two.connect('bob')]
  await ann.client.send({ user: 'bob' }, 'note', 'before')
  const heard = await bob.hear({ user: 'ann' })
  expect(two.online.stats().bus?.pending).toBe(0)
  for (const data of [1, 2, 3]) await ann.client.send({ user: 'bob' }, 'note', data)
  await until(() => heard.length === 3)
  expect(heard.map(({ data }) => data)).toEqual([1, 2, 3])
})

test('R1, R3: typing that begins and ends while subscriptions take their time is shown as it is', async () => {
  const { nodes } = await startMemoryNodes(2, {}, { delays: (text) => [text === '' ? 300 : 0] })
  const [one, two] = nodes
  const [ann, cy, bob] = [await one.connect('ann'), await one.connect('cy'), await two.connect('bob')]
  // Bob's node and Ann's subscribe at the same time.
  ann.client.typing(group).startActivity('typing')
  cy.client.typing(group).startActivity('typing')
  await cy.settled()
  const watching = bob.watch(group)
  cy.client.typing(group).stop()
  const states = await watching
  await until(() => names(states.at(-1))?.join() === 'ann', 'Ann is shown', 1000)
  expect(states.flatMap(names)).not.toContain('cy')
  ann.client.typing(group).stop()
  await until(() => states.at(-1)?.total === 0, 'nobody is shown', 1000)
})

describe('active-device', () => {
  test('a device whose node begins to read the conversation late has it as soon as its node reads', async () => {
    const { nodes } = await startMemoryNodes(
      3,
      { deliverTo: 'active-device' },
      { delays: (text) => [text === '' ? 300 : 0] },
    )
    const [one, two, three] = nodes
    const ann = await one.connect('ann')
    const [phone, laptop] = [await two.connect('bob'), await three.connect('bob')]
    const heard = { phone: await phone.hear({ user: 'ann' }), laptop: await laptop.hear({ user: 'ann' }) }
    await until(
      async () => {
        heard.phone.length = heard.laptop.length = 0
        await ann.client.send({ user: 'bob' }, 'note')
        await until(() => heard.phone.length + heard.laptop.length > 0)
        await phone.settled()
        await laptop.settled()
        return heard.phone.length === 0 && heard.laptop.length === 1
      },
      'the laptop is the active device',
      1000,
    )
  })
})

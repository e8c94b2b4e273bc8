import { expect, test } from 'vitest'
import { names, until } from '../../support/server/harness.ts'
import { startFakeNode } from '../../support/cluster/fake-node.ts'
import { startNode } from '../../support/cluster/nodes.ts'
import { shareRedis } from '../../support/cluster/share-redis.ts'

const group = { group: 'team' }
const ann = { id: 'ann' }

const redis = shareRedis()

const now = () => performance.timeOrigin + performance.now()

/** A real node to which Bob is connected, and a fake one whose messages overtake each other, as NOTIFYs on a pool do. */
async function start() {
  const [node, fake] = await Promise.all([startNode(redis.port), startFakeNode(redis.port)])
  const bob = await node.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  await until(() => fake.received.length, 'the first heartbeat of the node')
  fake.heartbeat()
  fake.publish('snapshot', 0, 1, [])
  await until(() => node.online.stats().bus?.nodes === 1)
  /** Publishes the message with a number, counted from those before. */
  const publishNumber = (number: number, kind: string, ...values: unknown[]) =>
    fake.publishRaw(1, 'fake', number, now(), kind, ...values)
  return { node, fake, bob, heard, states, first: fake.latestNumber() + 1, publishNumber }
}

const message = (data: number) => [0, now(), ann, group, 'note', String(data)] as const
const lease = (activity: string, since: number) => [1, ann, group, activity, since] as const

test('of ten messages in one tick that overtake each other all ten arrive, each once', async () => {
  const { node, heard, first, publishNumber } = await start()
  const order = [2, 0, 1, 5, 3, 9, 4, 8, 6, 7]
  for (const n of [...order, ...order]) publishNumber(first + n, 'message', ...message(n))
  await until(() => heard.length >= 10)
  publishNumber(first + 10, 'message', ...message(10))
  await until(() => heard.at(-1)?.data === 10)
  expect(heard.map(({ data }) => data)).toEqual([...order, 10])
  expect(node.online.stats().bus?.lost).toBe(0)
})

test('R3: a lease that its own end has overtaken does not begin', async () => {
  const { heard, states, first, publishNumber, fake } = await start()
  const since = now()
  publishNumber(first + 1, 'lease', ...lease('', since))
  publishNumber(first, 'lease', ...lease('typing', since))
  publishNumber(first + 2, 'message', ...message(1))
  await until(() => heard.length === 1)
  expect(states).toEqual([])
  // After the gap the node was asked what is true now.
  await until(() =>
    fake.receivedOf('heartbeat').some(([, , , , , requests]) => (requests as string[]).includes('fake')),
  )
})

test('R3: a snapshot that later changes have overtaken is not used, and the next one is', async () => {
  const { heard, states, first, publishNumber } = await start()
  const since = now()
  publishNumber(first, 'lease', ...lease('typing', since))
  await until(() => names(states.at(-1))?.join() === 'ann')
  publishNumber(first + 2, 'lease', ...lease('', since))
  publishNumber(first + 1, 'snapshot', 0, 1, [['lease', ...lease('typing', since)]])
  publishNumber(first + 3, 'message', ...message(1))
  await until(() => heard.length === 1 && states.at(-1)?.total === 0)
  publishNumber(first + 4, 'snapshot', 0, 1, [['lease', ...lease('recording', since)]])
  await until(() => states.at(-1)?.typists[0]?.activity === 'recording')
  expect(states.map(({ total }) => total)).toEqual([1, 0, 1])
})

test('revoke: a revocation that others have overtaken counts', async () => {
  const { bob, first, publishNumber } = await start()
  publishNumber(first + 1, 'message', ...message(1))
  publishNumber(first, 'revocation', now(), 'bob', group)
  await until(() => bob.errors.length > 0)
})

test('K2: messages of a sender with old stamps, expired after the hop between nodes, are dropped, and no snapshot is asked for', async () => {
  const { node, fake, heard, first } = await start()
  await until(() => fake.receivedOf('snapshot').length > 0 || fake.receivedOf('heartbeat').length > 1)
  fake.received.length = 0
  expect(first).toBeGreaterThan(0)
  for (let n = 0; n < 50; n++) fake.publish('message', 0, now() - 2100, ann, group, 'note', String(n))
  fake.publish('message', ...message(50))
  await until(() => heard.length === 1)
  expect(node.online.stats().dropped.expired).toBe(50)
  const requests = fake.receivedOf('heartbeat').flatMap(([, , , , , asked]) => asked as string[])
  expect(requests).not.toContain('fake')
})

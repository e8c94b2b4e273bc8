import type { Socket as ServerSocket } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { expect, test } from 'vitest'
import type { User } from '../../../src/core/index.ts'
import { HELLO, IDENTITY, PROTOCOL_VERSION } from '../../../src/core/transport/wire.ts'
import { names, type TestServer, until } from '../../support/server/harness.ts'
import { startFakeNode } from '../../support/cluster/fake-node.ts'
import { startNode, startNodes } from '../../support/cluster/nodes.ts'
import { shareRedis } from '../../support/cluster/share-redis.ts'

const group = { group: 'team' }

const redis = shareRedis()

/** The users are in a place that all nodes share, as a database is. */
function createUsers() {
  const users = new Map<string, User | null>()
  const asked: string[] = []
  const identify = ({ handshake }: ServerSocket) => {
    const { user } = handshake.auth as { user: string }
    asked.push(user)
    const known = users.get(user)
    return known === undefined ? user : known
  }
  return { users, asked, identify }
}

const countIdentityEvents = (socket: Socket) => {
  const events: unknown[] = []
  socket.on(IDENTITY, (...args: unknown[]) => events.push(args))
  return events
}

test('I1: a new name is seen at once on another node by those who see the user type, whichever node is asked', async () => {
  const { users, identify } = createUsers()
  const [one, two] = (await startNodes(2, redis.port, { identify })) as [TestServer, TestServer]
  const [ann, bob, cy] = [await one.raw('ann'), await two.connect('bob'), await one.connect('cy')]
  const states = await bob.watch(group)
  const statesHere = await cy.watch(group)
  ann.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => states.length === 1 && statesHere.length === 1)
  const since = states[0]!.typists[0]!.since

  users.set('ann', { id: 'ann', name: 'Ann' })
  one.online.reidentify('ann')
  await until(() => states.length === 2 && statesHere.length === 2)
  users.set('ann', { id: 'ann', name: 'Ann', avatar: 'a.png' })
  two.online.reidentify('ann')
  await until(() => states.length === 3 && statesHere.length === 3)
  users.set('ann', { id: 'ann' })
  two.online.reidentify('ann')
  await until(() => states.length === 4 && statesHere.length === 4)

  const seen = [undefined, 'Ann', 'Ann', undefined]
  expect(states.map(({ typists }) => typists[0]?.name)).toEqual(seen)
  expect(statesHere.map(({ typists }) => typists[0]?.name)).toEqual(seen)
  expect(states.map(({ typists }) => typists[0]?.avatar)).toEqual([undefined, undefined, 'a.png', undefined])
  // R6: it is still the same session.
  expect(new Set(states.map(({ typists }) => typists[0]?.since))).toEqual(new Set([since]))
})

test('I1: a logout on one node ends the user’s connections on all nodes', async () => {
  const { users, identify } = createUsers()
  const [one, two] = (await startNodes(2, redis.port, { identify })) as [TestServer, TestServer]
  const [phone, laptop, bob] = [await one.raw('ann'), await two.raw('ann'), await two.connect('bob')]
  const states = await bob.watch(group)
  const events = [phone, laptop].map(countIdentityEvents)
  for (const device of [phone, laptop]) device.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => one.online.stats().bus?.leases === 1 && two.online.stats().bus?.leases === 1)
  users.set('ann', null)
  one.online.reidentify('ann')
  await until(() => states.at(-1)?.total === 0, 'nobody types', 1000)
  await until(() => events.every(({ length }) => length === 1))
  for (const device of [phone, laptop]) {
    expect(await device.emitWithAck(HELLO, PROTOCOL_VERSION)).toMatchObject({ ok: false, code: 'forbidden' })
  }
  expect([one.online.stats().connections, two.online.stats().connections]).toEqual([0, 1])
})

test('I1: a node that missed the request finds it in the next snapshot, and spares connections that began after it', async () => {
  const { users, asked, identify } = createUsers()
  const [node, fake] = await Promise.all([startNode(redis.port, { identify }), startFakeNode(redis.port)])
  const ann = await node.raw('ann')
  await until(() => fake.received.length, 'the first heartbeat of the node')
  fake.heartbeat()
  const at = performance.timeOrigin + performance.now()
  await until(() => performance.timeOrigin + performance.now() > at + 50, 'some time passes')
  const later = await node.raw('ann')
  await later.emitWithAck(HELLO, PROTOCOL_VERSION)
  users.set('ann', { id: 'ann', name: 'Ann' })
  const before = asked.length
  for (let n = 0; n < 3; n++) fake.publish('snapshot', 0, 1, [['reidentification', at, 'ann']])
  const bob = await node.connect('bob')
  const states = await bob.watch(group)
  ann.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => states.at(-1)?.typists[0]?.name === 'Ann')
  // Once for the first connection, and once for Bob's.
  expect(asked.slice(before).sort()).toEqual(['ann', 'bob'])
})

test('a lease that is announced again with another id does not rename its typist', async () => {
  const [node, fake] = await Promise.all([startNode(redis.port), startFakeNode(redis.port)])
  const bob = await node.connect('bob')
  const states = await bob.watch(group)
  await until(() => fake.received.length, 'the first heartbeat of the node')
  fake.heartbeat()
  fake.publish('snapshot', 0, 1, [])
  const since = performance.timeOrigin + performance.now()
  fake.publish('lease', 1, { id: 'ann' }, group, 'typing', since)
  await until(() => names(states.at(-1))?.join() === 'ann')
  fake.publish('lease', 1, { id: 'mallory', name: 'Mallory' }, group, 'typing', since)
  fake.publish('lease', 1, { id: 'ann', name: 'Ann' }, group, 'typing', since)
  await until(() => states.at(-1)?.typists[0]?.name === 'Ann')
  expect(new Set(states.flatMap(names))).toEqual(new Set(['ann']))
})

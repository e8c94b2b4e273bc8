import type { Socket as ServerSocket } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import type { User } from '../../../src/core/index.ts'
import { HELLO, IDENTITY, PROTOCOL_VERSION } from '../../../src/core/transport/wire.ts'
import { createFakeNode } from '../../support/cluster/fake-node.ts'
import { createMemoryEngine } from '../../support/cluster/memory-engine.ts'
import { startMemoryNodes } from '../../support/cluster/nodes.ts'
import { closeAll, names, startServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }

afterEach(closeAll)

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
  const { nodes } = await startMemoryNodes(2, { identify })
  const [one, two] = nodes
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
  const { nodes } = await startMemoryNodes(2, { identify })
  const [one, two] = nodes
  const [phone, laptop, bob] = [await one.raw('ann'), await two.raw('ann'), await two.connect('bob')]
  const states = await bob.watch(group)
  const events = [phone, laptop].map(countIdentityEvents)
  for (const device of [phone, laptop]) device.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => [one, two].every(({ online }) => online.stats().leases === 1) && states.at(-1)?.total === 1)
  users.set('ann', null)
  one.online.reidentify('ann')
  await until(() => states.at(-1)?.total === 0, 'nobody types', 1000)
  await until(() => events.every(({ length }) => length === 1))
  for (const device of [phone, laptop]) {
    expect(await device.emitWithAck(HELLO, PROTOCOL_VERSION)).toMatchObject({ ok: false, code: 'forbidden' })
  }
  expect([one.online.stats().connections, two.online.stats().connections]).toEqual([0, 1])
})

test('I1: a node that gets the user later asks for the request, and spares connections that began after it', async () => {
  const { users, asked, identify } = createUsers()
  const engine = createMemoryEngine()
  const node = await startServer({ plugin: { identify, bus: engine.connect().bus } })
  const fake = createFakeNode({ bus: engine.connect().bus })
  const channel = fake.channels.user('ann')
  fake.read(fake.channels.questions(channel))
  const ann = await node.raw('ann')
  await until(() => fake.receivedOf('question').length === 1, 'the node asks which requests there are')
  const asking = fake.received.find(({ message }) => message.kind === 'question')!.node
  const at = fake.now()
  await until(() => fake.now() > at + 50, 'some time passes')
  const later = await node.raw('ann')
  await later.emitWithAck(HELLO, PROTOCOL_VERSION)
  users.set('ann', { id: 'ann', name: 'Ann' })
  const before = asked.length
  const request = { kind: 'reidentification', at, user: 'ann' } as const
  // As an answer, and on the user's channel. It was sent long after the request.
  for (let n = 0; n < 3; n++) fake.publish(fake.channels.node(asking), request)
  fake.publish(channel, request)
  const bob = await node.connect('bob')
  const states = await bob.watch(group)
  ann.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => states.at(-1)?.typists[0]?.name === 'Ann')
  // Once for the first connection, and once for Bob's.
  expect(asked.slice(before).sort()).toEqual(['ann', 'bob'])
})

test('I1: a request and a revocation reach a node that was cut off, when it is connected again', async () => {
  const { users, identify } = createUsers()
  const { nodes, engine } = await startMemoryNodes(2, { identify })
  const [one, two] = nodes
  const [ann, cy, bob] = [await two.raw('ann'), await two.connect('cy'), await two.connect('bob')]
  await cy.hear(group)
  const states = await bob.watch(group)
  ann.emit('om:lease', Date.now(), 60_000, 'typing', group)
  await until(() => states.length === 1)
  engine.interrupt()
  users.set('ann', { id: 'ann', name: 'Ann' })
  one.online.reidentify('ann')
  one.online.revoke({ user: 'cy' })
  await bob.settled()
  expect([states.length, cy.errors]).toEqual([1, []])
  engine.restore()
  await until(() => states.at(-1)?.typists[0]?.name === 'Ann' && cy.errors.length > 0)
})

test('T3: a lease that is published again with another id is another typist’s, and renames nobody', async () => {
  const engine = createMemoryEngine()
  const node = await startServer({ plugin: { bus: engine.connect().bus } })
  const fake = createFakeNode({ bus: engine.connect().bus })
  const bob = await node.connect('bob')
  const states = await bob.watch({ user: 'ann' })
  const since = fake.now()
  const publish = (user: User) =>
    fake.publish(fake.channels.conversation('ann', { user: 'bob' }), {
      kind: 'leases',
      channel: '',
      leases: [{ device: 1, user, session: { activity: 'typing', since } }],
    })
  publish({ id: 'ann' })
  await until(() => names(states.at(-1))?.join() === 'ann')
  publish({ id: 'mallory', name: 'Mallory' })
  publish({ id: 'ann', name: 'Ann' })
  await until(() => states.at(-1)?.typists[0]?.name === 'Ann')
  expect(new Set(states.flatMap(names))).toEqual(new Set(['ann']))
})

import type { Socket } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import { LEASE, SUBSCRIBE, TYPISTS } from '../../../src/core/transport/wire.ts'
import { fakeClock, NO_PING } from '../../support/server/fake-clock.ts'
import { closeAll, roundTrip, startServer, type TestServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }

/** A connection that is subscribed, and the typing updates that it gets: the names in each of them. */
async function startReader(server: TestServer, user: string, conversation: object = group) {
  const socket = await server.raw(user)
  const updates: string[][] = []
  socket.on(TYPISTS, (_at: number, _conversation: object, _total: number, typists: { id: string }[]) =>
    updates.push(typists.map(({ id }) => id)),
  )
  socket.emit(SUBSCRIBE, [conversation])
  await roundTrip(socket)
  return { socket, updates, settled: () => roundTrip(socket) }
}

/** Takes a lease, or releases it with a ttl of 0. */
const lease = async (socket: Socket, ttl = 60_000, conversation: object = group, activity = 'typing') => {
  socket.emit(LEASE, Date.now(), ttl, activity, conversation)
  await roundTrip(socket)
}

test('T4: a typist’s other devices get no update about their own user, and the readers get each change once', async () => {
  const server = await startServer()
  const phone = await startReader(server, 'ann')
  const laptop = await startReader(server, 'ann')
  const bob = await startReader(server, 'bob')
  await lease(phone.socket)
  await lease(phone.socket, 60_000, group, 'recording')
  await lease(phone.socket, 0)
  for (const { settled } of [phone, laptop, bob]) await settled()
  expect([phone.updates, laptop.updates]).toEqual([[], []])
  expect(bob.updates).toEqual([['ann'], ['ann'], []])
  expect(server.online.stats().typingUpdatesOut).toBe(3)

  // A device that subscribes while only its own user types has nothing to show either.
  await lease(phone.socket)
  laptop.socket.emit(SUBSCRIBE, [group])
  await laptop.settled()
  expect(laptop.updates).toEqual([])
})

test('T4: a reader who begins to type sees no change, and the typist who stops sees none of their own stop', async () => {
  const server = await startServer()
  const ann = await startReader(server, 'ann')
  const bob = await startReader(server, 'bob')
  await lease(ann.socket)
  await lease(bob.socket)
  await lease(bob.socket, 0)
  await lease(ann.socket, 0)
  await ann.settled()
  await bob.settled()
  expect([ann.updates, bob.updates]).toEqual([
    [['bob'], []],
    [['ann'], []],
  ])
})

test('a typist who is only counted changes nothing for those who see the same names and the same number', async () => {
  const pass = fakeClock()
  const server = await startServer({
    io: NO_PING,
    plugin: { typingUpdates: { maxNames: 1, batchFrom: 1, batchInterval: 1000 } },
  })
  const reader = await startReader(server, 'reader')
  const [ann, bob, cy] = [await server.raw('ann'), await startReader(server, 'bob'), await startReader(server, 'cy')]
  await lease(ann)
  await lease(bob.socket)
  const waits = await server.connect('waits')
  await pass(1250, waits)
  await reader.settled()
  expect(reader.updates).toEqual([['ann'], ['ann']])
  const [before, bobBefore] = [reader.updates.length, bob.updates.length]
  await lease(bob.socket, 0)
  await lease(cy.socket)
  await pass(1250, waits)
  for (const { settled } of [reader, bob, cy]) await settled()
  expect(reader.updates).toHaveLength(before)
  // Bob counts the others, and Cy is not counted any more in what Cy sees.
  expect(bob.updates.length).toBe(bobBefore + 1)
})

test('close() sends each reader one update without typists, and nothing to those who see nobody', async () => {
  const server = await startServer()
  const [ann, cy] = [await startReader(server, 'ann'), await server.raw('cy')]
  const bob = await startReader(server, 'bob')
  await lease(ann.socket)
  await lease(cy)
  await bob.settled()
  expect(bob.updates).toEqual([['ann'], ['ann', 'cy']])
  await lease(cy, 0)
  await bob.settled()
  const before = [ann.updates.length, bob.updates.length]
  server.online.close()
  await ann.settled()
  await bob.settled()
  expect(bob.updates.slice(before[1])).toEqual([[]])
  // Ann saw Cy until he stopped, and nobody since then.
  expect(ann.updates.slice(before[0])).toEqual([])
})

test('R3: close() also takes back a typist whose stop waits for the next update of a large room', async () => {
  const server = await startServer({ plugin: { typingUpdates: { batchFrom: 1, batchInterval: 60_000 } } })
  const [ann, bob] = [await server.raw('ann'), await startReader(server, 'bob')]
  await lease(ann)
  await lease(ann, 0)
  await bob.settled()
  expect(bob.updates).toEqual([['ann']])
  server.online.close()
  await bob.settled()
  expect(bob.updates).toEqual([['ann'], []])
})

test('R3: who subscribes between two updates of a large room is left with no typist who has stopped before the next', async () => {
  const pass = fakeClock()
  const server = await startServer({ io: NO_PING, plugin: { typingUpdates: { batchFrom: 1, batchInterval: 1000 } } })
  const [ann, cy] = [await server.raw('ann'), await server.raw('cy')]
  const bob = await startReader(server, 'bob')
  await lease(ann)
  await lease(cy)
  const late = await startReader(server, 'late')
  await lease(cy, 0)
  const waits = await server.connect('waits')
  await pass(2500, waits)
  await bob.settled()
  await late.settled()
  expect([bob.updates.at(-1), late.updates.at(-1)]).toEqual([['ann'], ['ann']])
})

test('R3: a device that is not the active one any more is left with nobody, also while a stop waits for the next update', async () => {
  const pass = fakeClock()
  const server = await startServer({
    io: NO_PING,
    plugin: { deliverTo: 'active-device', typingUpdates: { batchFrom: 1, batchInterval: 1000 } },
  })
  const ann = await server.raw('ann')
  const phone = await startReader(server, 'bob', { user: 'ann' })
  const laptop = await startReader(server, 'bob', { user: 'ann' })
  await lease(ann, 60_000, { user: 'bob' })
  await laptop.settled()
  expect([phone.updates, laptop.updates]).toEqual([[], [['ann']]])
  await lease(ann, 0, { user: 'bob' })
  phone.socket.emit('om:active')
  await phone.settled()
  const waits = await server.connect('waits')
  await pass(1250, waits)
  await phone.settled()
  await laptop.settled()
  expect([phone.updates.at(-1), laptop.updates.at(-1)]).toEqual([[], []])
})

test('R4: an update is repeated to those who see no change while others see changes all the time', async () => {
  const pass = fakeClock()
  const server = await startServer({ io: NO_PING })
  const [ann, bob] = [await server.raw('ann'), await server.raw('bob')]
  const bobsOtherDevice = await startReader(server, 'bob')
  const reader = await startReader(server, 'reader')
  const waits = await server.connect('waits')
  await lease(ann)
  for (let round = 0; round < 4; round++) {
    await lease(bob)
    await lease(bob, 0)
    await pass(20_000, waits)
    await lease(ann)
  }
  await reader.settled()
  await bobsOtherDevice.settled()
  expect(reader.updates.length).toBeGreaterThan(8)
  expect(bobsOtherDevice.updates).toEqual([['ann'], ['ann']])
})

test('revoke: a device that loses access between two slices of an update gets nothing of it', async () => {
  const server = await startServer({ plugin: { typingUpdates: { batchInterval: 50 } } })
  const totals = new Map<string, number[]>()
  for (let n = 0; n < 600; n++) {
    const seen: number[] = []
    totals.set(`bot${n}`, seen)
    server.online.createBot(`bot${n}`).subscribe(group, {
      message() {},
      typists: ({ total }) => seen.push(total),
    })
  }
  const typist = server.online.createBot('typist')
  await typist.send({ conversation: group, command: 'textInput', data: { ttl: 7000, activity: 'typing', since: 1 } })
  expect([...totals.values()].filter(({ length }) => length)).toHaveLength(250)
  server.online.revoke({ user: 'bot599' })
  await until(() => totals.get('bot598')!.length)
  await new Promise(setImmediate)
  expect(totals.get('bot599')!.filter((total) => total > 0)).toEqual([])
})

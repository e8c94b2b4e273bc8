import { afterEach, describe, expect, test } from 'vitest'
import type { Socket } from 'socket.io-client'
import { createOnlineMessageClient } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { countListeners } from '../../support/networks/count-listeners.ts'
import {
  closeAll,
  names,
  roundTrip,
  shareManager,
  startServer,
  type TestClient,
  type TestServer,
  until,
} from '../../support/server/harness.ts'
import { sleep } from '../../support/until.ts'

afterEach(closeAll)

const group = { group: 'team' }

/** How an app takes listeners away: in the cleanup of a React effect, for example. */
const REMOVALS: readonly (readonly [string, (socket: Socket) => void])[] = [
  ["socket.off('connect')", (socket) => socket.off('connect')],
  ["socket.off('disconnect')", (socket) => socket.off('disconnect')],
  ['socket.off()', (socket) => socket.off()],
  ['socket.removeAllListeners()', (socket) => socket.removeAllListeners()],
  ['socket.offAny()', (socket) => socket.offAny()],
]

/** Bob watches a group in which ann types, and his socket. */
async function startTyping(server: TestServer) {
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const received = await bob.hear(group)
  const typists = await bob.watch(group)
  const states: string[] = []
  bob.client.connection.subscribe((state) => states.push(state))
  const endRecording = ann.client.typing(group).startActivity('recording')
  await until(() => names(typists.at(-1))?.[0] === 'ann')
  return { ann, bob, received, typists, states, endRecording }
}

/** The connection is as it has to be: both ways, subscribed, and said so. */
async function expectInOrder(server: TestServer, ann: TestClient, bob: TestClient, received: readonly unknown[]) {
  await until(() => bob.client.connection.getState() === 'online')
  await bob.settled()
  const before = received.length
  expect(await ann.client.send(group, 'note', 'hello')).toEqual({ ok: true })
  await until(() => received.length > before)
  expect(received.length).toBe(before + 1)
  expect(await bob.client.send(group, 'note', 'answer')).toEqual({ ok: true })
  expect(server.online.stats().connections).toBe(2)
}

describe.each(REMOVALS)('T7: the app calls %s', (_, remove) => {
  test('and the connection breaks once: subscribed again, no ghost typist, and everything is said', async () => {
    const server = await startServer()
    const { ann, bob, received, typists, states, endRecording } = await startTyping(server)
    remove(bob.socket)
    bob.socket.io.engine.close()
    await until(() => !bob.socket.connected)
    // She stops while he is away.
    endRecording()
    await until(() => names(typists.at(-1))?.length === 0)
    await expectInOrder(server, ann, bob, received)
    expect(names(typists.at(-1))).toEqual([])
    expect(states).toEqual(['connecting', 'online'])
  })

  test('and disconnects: notified within about a second, and all of it works after it connects again', async () => {
    const server = await startServer()
    const { ann, bob, received, typists, states } = await startTyping(server)
    remove(bob.socket)
    bob.socket.disconnect()
    expect(bob.client.connection.getState()).toBe('offline')
    expect(await bob.client.send(group, 'note', 1)).toMatchObject({ code: 'offline' })
    await until(() => states.at(-1) === 'offline', 'notified', 1500)
    expect(names(typists.at(-1))).toEqual([])
    bob.socket.connect()
    await expectInOrder(server, ann, bob, received)
    await until(() => names(typists.at(-1))?.[0] === 'ann')
    expect(states.filter((state) => state !== 'connecting')).toEqual(['offline', 'online'])
  })
})

test('T7: the app disconnects and connects again in one go, without our listeners: another connection', async () => {
  const server = await startServer()
  const { ann, bob, received, typists, endRecording } = await startTyping(server)
  const before = bob.socket.id
  bob.socket.removeAllListeners()
  bob.socket.disconnect().connect()
  endRecording()
  await expectInOrder(server, ann, bob, received)
  expect(bob.socket.id).not.toBe(before)
  expect(names(typists.at(-1))).toEqual([])
})

test('T7: one of two namespaces on one manager is disconnected, without our listeners', async () => {
  const server = await startServer()
  server.io.of('/other').on('connection', () => {})
  const manager = shareManager(server.url)
  const other = manager.socket('/other')
  const socket = manager.socket('/', { auth: { user: 'bob' } })
  const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
  const states: string[] = []
  client.connection.subscribe((state) => states.push(state))
  await until(() => client.connection.getState() === 'online' && other.connected)
  socket.removeAllListeners()
  // The manager's connection stays: nothing is closed.
  socket.disconnect()
  expect(other.connected).toBe(true)
  await until(() => states.at(-1) === 'offline', 'notified', 1500)
  socket.connect()
  await until(() => states.at(-1) === 'online')
  expect(await client.send(group, 'note', 1)).toEqual({ ok: true })
})

describe('T7: other code takes away our listeners on the manager', () => {
  /** All but the first one: that one is Socket.IO's own, without which the socket itself is dead. */
  const removeOurs = ({ io: manager }: Socket, event: 'packet' | 'close') => {
    for (const listener of manager.listeners(event).slice(1)) manager.off(event, listener)
  }

  test.each([
    ['ping', (socket: Socket) => socket.io.off('ping')],
    ['close', (socket: Socket) => removeOurs(socket, 'close')],
    ['packet', (socket: Socket) => removeOurs(socket, 'packet')],
  ] as const)('that for "%s", and the connection breaks: all is in order again', async (_, remove) => {
    const server = await startServer()
    const { ann, bob, received, typists, endRecording } = await startTyping(server)
    remove(bob.socket)
    bob.socket.io.engine.close()
    endRecording()
    await until(() => bob.socket.connected)
    await expectInOrder(server, ann, bob, received)
    await until(() => names(typists.at(-1))?.length === 0)
  })

  test('that for "packet" while it is connected: within about a second it asks again who types, and receives', async () => {
    const server = await startServer()
    const { ann, bob, received, typists, endRecording } = await startTyping(server)
    const count = bob.socket.io.listeners('packet').length
    removeOurs(bob.socket, 'packet')
    endRecording()
    expect(await ann.client.send(group, 'note', 'lost')).toEqual({ ok: true })
    await roundTrip(bob.socket)
    expect(names(typists.at(-1))).toEqual(['ann'])
    await until(() => names(typists.at(-1))?.length === 0, 'no ghost', 2000)
    await expectInOrder(server, ann, bob, received)
    expect(bob.socket.io.listeners('packet')).toHaveLength(count)
  })
})

test('T7: a socket is swapped for another: all goes to the new one, and nothing is left on the old one', async () => {
  const server = await startServer()
  const old = await server.raw('bob')
  const bare = countListeners(old)
  const received: unknown[] = []
  const listener = { message: ({ data }: { data: unknown }) => received.push(data), typists() {} }
  const leave = createSocketTransport(old).subscribe(group, listener)
  const renewed = await server.raw('bob')
  const transport = createSocketTransport(renewed)
  transport.subscribe(group, listener)
  leave()
  expect(countListeners(old)).toEqual(bare)
  old.removeAllListeners()
  old.disconnect()
  await until(() => transport.connection.getState() === 'online')
  await roundTrip(renewed)
  const ann = await server.connect('ann')
  expect(await ann.client.send(group, 'note', 1)).toEqual({ ok: true })
  await until(() => received.length)
  expect(received).toEqual([1])
  expect(server.online.stats().subscriptions).toBe(1)
})

test('T7: listeners that the app adds and those of others stay, whatever it takes away', async () => {
  const server = await startServer()
  const { bob } = await startTyping(server)
  const calls: string[] = []
  bob.socket.removeAllListeners()
  bob.socket.on('disconnect', () => calls.push('disconnect'))
  // Ours comes back with the next check.
  await until(() => bob.socket.listeners('disconnect').length === 2, 'attached again', 2000)
  await sleep(1100)
  expect(bob.socket.listeners('disconnect')).toHaveLength(2)
  bob.socket.disconnect()
  expect(calls).toEqual(['disconnect'])
})

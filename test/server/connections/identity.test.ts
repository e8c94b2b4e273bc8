import type { Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HELLO, LEASE, SUBSCRIBE, PROTOCOL_VERSION, SEND } from '../../../src/core/transport/wire.ts'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { allQuiet, CARRIERS, closeAll, names, startServer, until } from '../../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const userOf = (socket: Socket) => (socket.handshake.auth as { user: string }).user
const group = { group: 'team' }

/** A promise that is no `Promise`, and neither is what its `then` returns. */
const foreign = <T>(promise: Promise<T>): PromiseLike<T> => ({
  then: (onFulfilled, onRejected) => foreign(promise.then(onFulfilled, onRejected)),
})

describe.each(CARRIERS)('over %s', (carrier) => {
  const ways: Record<string, OnlineMessageServerOptions['identify']> = {
    'an id': userOf,
    'a user': (socket) => ({ id: userOf(socket) }),
    'a promise': async (socket) => {
      await new Promise((resolve) => setTimeout(resolve, 20))
      return { id: userOf(socket) }
    },
    'another library’s promise': (socket) => foreign(Promise.resolve(userOf(socket))) as Promise<string>,
  }
  test.each(Object.entries(ways))('T3: identify returns %s', async (_, identify) => {
    const server = await startServer({ plugin: { identify } })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear({ user: 'ann' })
    expect(await ann.client.send({ user: 'bob' }, 'note', 1)).toEqual({ ok: true })
    await allQuiet(ann, bob)
    expect(heard.map(({ from }) => from)).toEqual([{ id: 'ann' }])
    expect(server.online.stats().connections).toBe(2)
  })

  test('T6: what is sent before an async identify has answered is not lost, and keeps its order', async () => {
    const known: (() => void)[] = []
    const server = await startServer({
      plugin: {
        identify: (socket) =>
          userOf(socket) === 'bob' ? 'bob' : new Promise((resolve) => known.push(() => resolve(userOf(socket)))),
      },
    })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear(group)
    const states = await bob.watch(group)
    const ann = await server.raw('ann', { carrier })
    const answers: unknown[] = []
    const answer = (result: unknown) => answers.push(result)
    const now = Date.now()
    for (let n = 0; n < 5; n++) ann.emit(SEND, now, 'note', String(n), group, answer)
    ann.emit(LEASE, now, 7000, 'typing', group)
    ann.emit(SUBSCRIBE, [group])
    ann.emit(HELLO, PROTOCOL_VERSION, answer)
    await until(() => known.length)
    await bob.settled()
    expect([heard.length, answers.length, server.online.stats().subscriptions]).toEqual([0, 0, 1])
    known[0]!()
    await until(() => answers.length === 6)
    await bob.settled()
    expect(heard.map(({ data }) => data)).toEqual([0, 1, 2, 3, 4])
    expect(names(states.at(-1))).toEqual(['ann'])
    expect(server.online.stats().subscriptions).toBe(2)
  })

  test('S4: a stop that arrives before identify has answered still follows its start', async () => {
    let known = () => {}
    const server = await startServer({
      plugin: {
        identify: (socket) =>
          userOf(socket) === 'bob' ? 'bob' : new Promise((resolve) => (known = () => resolve(userOf(socket)))),
      },
    })
    const ann = await server.raw('ann', { carrier })
    ann.emit(LEASE, Date.now(), 7000, 'typing', group)
    ann.emit(LEASE, Date.now(), 0, 'typing', group)
    const answered = ann.emitWithAck('test:ping')
    await answered
    known()
    await until(() => server.online.stats().connections === 1)
    expect(server.online.stats().leases).toBe(0)
  })
})

test('an identify that waits for a sign-in is named in the log, once', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
  const server = await startServer({
    plugin: { identify: (socket) => (userOf(socket) === 'bob' ? Promise.resolve('bob') : new Promise(() => {})) },
  })
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    await server.raw('bob')
    const gone = await server.raw('gone')
    gone.disconnect()
    await until(() => server.io.sockets.sockets.size === 1)
    await vi.advanceTimersByTimeAsync(5000)
    // Whoever was identified, or has disconnected, waits for nothing.
    expect(warn).not.toHaveBeenCalled()

    await server.raw('ann')
    await server.raw('cy')
    await vi.advanceTimersByTimeAsync(4999)
    expect(warn).not.toHaveBeenCalled()
    await vi.advanceTimersByTimeAsync(1)
    expect(warn.mock.calls).toEqual([
      [
        'identify has not answered for 5000 ms, and everything that the connection sends waits for it. If it waits for a sign-in, return null in place of waiting, and call reidentify(socket) after the sign-in. (react-online-message: identify-slow)',
      ],
    ])
  } finally {
    vi.useRealTimers()
    warn.mockRestore()
  }
})

const returnedNoUser =
  'The server does not know whose connection this is: identify returned no user. Sign in first. After a sign-in on an open connection, call reidentify on the server.'
const identifyFailed =
  "The server could not find out whose connection this is: its identify failed. Look at the server's log."

const nobodies: Record<string, OnlineMessageServerOptions['identify']> = {
  null: () => null,
  undefined: () => undefined as unknown as null,
  'a promise of null': () => Promise.resolve(null),
}
const mistakes: Record<string, OnlineMessageServerOptions['identify']> = {
  'an error': () => {
    throw new Error('no database')
  },
  'a rejection': () => Promise.reject(new Error('no database')),
  'a rejection with nothing': () =>
    ({ then: (_: unknown, reject: (why?: unknown) => void) => reject() }) as unknown as Promise<null>,
  'an empty id': () => '',
  'a number for an id': () => ({ id: 7 }) as unknown as string,
  'a long id': () => 'x'.repeat(257),
  'a boolean': () => true as unknown as string,
}
test.each([
  ...Object.entries(nobodies).map(([what, identify]) => [what, identify, returnedNoUser] as const),
  ...Object.entries(mistakes).map(([what, identify]) => [what, identify, identifyFailed] as const),
])('identify returns %s: the connection has no user', async (_, identify, message) => {
  const server = await startServer({
    plugin: { identify: (socket) => (userOf(socket) === 'bob' ? 'bob' : identify(socket)) },
  })
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  const stranger = server.begin('stranger')
  await until(() => stranger.socket.connected)
  const forbidden = { ok: false, code: 'forbidden', message }
  expect(await stranger.client.send(group, 'note', 1)).toEqual(forbidden)
  expect(stranger.client.connection.getState()).not.toBe('online')
  const raw = await server.raw('stranger')
  expect(await raw.emitWithAck(SEND, Date.now(), 'note', '1', group)).toEqual(forbidden)
  expect(await raw.emitWithAck(LEASE, Date.now(), 7000, 'typing', group)).toEqual(forbidden)
  raw.emit(SUBSCRIBE, [group])
  expect(await raw.emitWithAck('test:ping')).toBeUndefined()
  await bob.settled()
  expect([heard, states, server.online.stats().subscriptions, server.online.stats().connections]).toEqual([
    [],
    [],
    1,
    1,
  ])
})

test('an identify that fails is reported with the fix; one that returns null is not', async () => {
  const server = await startServer({
    plugin: {
      identify(socket) {
        if (userOf(socket) === 'null') return null
        throw new Error('no database')
      },
    },
  })
  await server.raw('null')
  expect(complaints).not.toHaveBeenCalled()
  await server.raw('ann')
  await until(() => complaints.mock.calls.length)
  expect(String(complaints.mock.calls[0]![0])).toMatch(/identify failed, so the connection has no user.*Fix it/)
})

test('identify is called once for each connection, again after a reconnect, and never with what a client says', async () => {
  const identify = vi.fn(userOf)
  const server = await startServer({ plugin: { identify } })
  const ann = await server.connect('ann')
  await ann.client.send(group, 'note', 1)
  await ann.client.send(group, 'note', 2)
  expect(identify).toHaveBeenCalledTimes(1)
  ann.socket.io.engine.close()
  await until(() => identify.mock.calls.length === 2)
})

test('a connection that ends before identify has answered leaves nothing', async () => {
  const known: (() => void)[] = []
  const server = await startServer({
    plugin: { identify: (socket) => new Promise((resolve) => known.push(() => resolve(userOf(socket)))) },
  })
  const ann = await server.raw('ann')
  ann.emit(SUBSCRIBE, [group])
  ann.emit(LEASE, Date.now(), 7000, 'typing', group)
  await ann.emitWithAck('test:ping')
  ann.disconnect()
  await until(() => !server.io.sockets.sockets.size)
  known[0]!()
  await new Promise(setImmediate)
  const { connections, subscriptions: listeners, leases } = server.online.stats()
  expect({ connections, listeners, leases }).toEqual({ connections: 0, listeners: 0, leases: 0 })
})

import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, type ConnectionState } from '../../src/core/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import {
  allQuiet,
  CARRIERS,
  closeAll,
  names,
  shareManager,
  startServer,
  type TestServer,
  until,
} from '../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }

/** Every listener on a socket and its manager. */
const countListeners = (socket: Socket) =>
  [socket, socket.io].flatMap((emitter) => {
    const callbacks = (emitter as unknown as { _callbacks?: Record<string, unknown[]> })._callbacks ?? {}
    return Object.entries(callbacks).map(([event, listeners]) => [event, listeners.length])
  })
const bareSocket = async (server: TestServer, user = 'ann') => {
  const socket = await server.raw(user)
  return { socket, bare: countListeners(socket) }
}

describe.each(CARRIERS)('over %s', (carrier) => {
  test('connection: connecting, online once the hello is answered, offline or connecting after a disconnect', async () => {
    let known = () => {}
    const server = await startServer({
      plugin: { identify: () => new Promise((resolve) => (known = () => resolve('ann'))) },
    })
    const ann = server.begin('ann', { carrier })
    const seen: ConnectionState[] = [ann.client.connection.getState()]
    ann.client.connection.subscribe((state) => seen.push(state))
    await until(() => ann.socket.connected)
    expect(ann.client.connection.getState()).toBe('connecting')
    known()
    await until(() => ann.client.connection.getState() === 'online')
    ann.socket.io.engine.close()
    await until(() => seen.length === 3)
    await until(() => ann.socket.connected)
    known()
    await until(() => ann.client.connection.getState() === 'online')
    ann.socket.disconnect()
    expect(ann.client.connection.getState()).toBe('offline')
    expect(seen).toEqual(['connecting', 'online', 'connecting', 'online', 'offline'])
    expect(ann.client.connection.getInitialState()).toBe('connecting')
  })

  test('T2: what cannot be sent is answered, and nothing is written', async () => {
    const server = await startServer({ plugin: { maxBytes: 100 } })
    const ann = await server.connect('ann', { carrier })
    await ann.settled()
    const sent: unknown[] = []
    for (const socket of server.io.sockets.sockets.values()) socket.onAny((event) => sent.push(event))
    const cycle: Record<string, unknown> = {}
    cycle.self = cycle
    const hostile = {
      toJSON() {
        throw Object.create(null) as Error
      },
    }
    for (const data of [10n, { deep: [1n] }, cycle, () => {}, Symbol('s'), hostile]) {
      const result = await ann.client.send(group, 'note', data)
      expect(result).toMatchObject({ ok: false, code: 'invalid', message: expect.stringMatching(/JSON/) as string })
    }
    for (const data of ['x'.repeat(99), 'é'.repeat(50), ['x'.repeat(200)], 'x'.repeat(2_000_000)]) {
      const result = await ann.client.send(group, 'note', data)
      const text = expect.stringMatching(/^data has \d+ bytes: send at most 100\.$/) as string
      expect(result).toEqual({ ok: false, code: 'too-large', message: text })
    }
    await ann.settled()
    expect(sent).toEqual(['test:ping'])
    expect(ann.socket.connected).toBe(true)
    expect(await ann.client.send(group, 'note', 'x'.repeat(98))).toEqual({ ok: true })
  })

  test('bad commands and conversations are answered with what is wrong', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const { transport } = ann
    for (const command of ['', 'x'.repeat(129), 7 as unknown as string]) {
      const result = await transport.send({ ...message, command })
      expect(result).toMatchObject({
        ok: false,
        code: 'invalid',
        message: expect.stringMatching(/^The command is invalid\. Give/) as string,
      })
    }
    const nowhere = [{}, { user: '' }, { user: 'a', group: 'b' }, { group: 7 }, { user: 'a', thread: '' }, [], 'bob']
    for (const conversation of nowhere as (typeof group)[]) {
      const result = await transport.send({ ...message, conversation })
      expect(result).toMatchObject({
        ok: false,
        code: 'invalid',
        message: expect.stringMatching(/^The conversation is invalid\. Give either \{ user \}/) as string,
      })
    }
  })
})

test('T2: a server without the plug-in: timeout, and the question whether attachOnlineMessages is called', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const server = await startServer({ attach: false })
  const ann = server.begin('ann')
  await until(() => ann.socket.connected)
  // From here on, so that five seconds are none.
  vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] })
  try {
    const bare = createSocketTransport(ann.socket)
    const result = bare.send(message)
    await vi.advanceTimersByTimeAsync(5000)
    expect(await result).toMatchObject({ ok: false, code: 'timeout' })
    const { message: text } = (await result) as { message: string }
    expect(text).toMatch(/attachOnlineMessages/)
    expect(bare.connection.getState()).toBe('connecting')
  } finally {
    vi.useRealTimers()
    warn.mockRestore()
  }
})

test('a connection that ends while an answer is awaited answers, too', async () => {
  const server = await startServer({ plugin: { authorize: () => new Promise(() => {}) } })
  const ann = await server.connect('ann')
  const result = ann.client.send(group, 'note', 1)
  await ann.settled()
  ann.socket.disconnect()
  expect(await result).toMatchObject({ ok: false, code: 'offline' })
})

describe('T5, inert: no listener before the first use, and none after the last', () => {
  test('of a transport and a client that are only created', async () => {
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    expect(client.connection.getState()).toBe('connecting')
    client.typists(group).getState()
    client.typing(group).stop()
    expect(countListeners(socket)).toEqual(bare)
    await socket.emitWithAck('test:ping')
    expect(server.online.stats().subscriptions).toBe(0)
  })

  test('of a send, one that is not waited for, and typing', async () => {
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    const result = client.send(group, 'note', 1)
    expect(countListeners(socket)).not.toEqual(bare)
    expect(await result).toEqual({ ok: true })
    expect(countListeners(socket)).toEqual(bare)
    expect(await client.send(group, 'note', 1n)).toMatchObject({ ok: false })
    await createSocketTransport(socket).send(message, { confirm: false })
    expect(countListeners(socket)).toEqual(bare)
    const leave = client.connection.subscribe(() => {})
    await until(() => client.connection.getState() === 'online')
    client.typing(group).keystroke()
    await until(() => server.online.stats().leases === 1)
    client.typing(group).stop()
    leave()
    expect(countListeners(socket)).toEqual(bare)
    await until(() => server.online.stats().leases === 0)
  })

  test('of subscriptions, taken and given back in any order, twice as StrictMode does, and without a warning', async () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const server = await startServer()
    const { socket, bare } = await bareSocket(server)
    const transport = createSocketTransport(socket)
    const client = createOnlineMessageClient({ transport })
    for (let mount = 0; mount < 3; mount++) {
      const leaves = [
        client.subscribe(group, 'note', () => {}),
        client.typists(group).subscribe(() => {}),
        client.connection.subscribe(() => {}),
        client.subscribe(group, 'note', () => {}),
      ]
      const inUse = countListeners(socket)
      expect(inUse).not.toEqual(bare)
      // However many use it, it listens once.
      expect(Math.max(...inUse.map(([, count]) => Number(count)))).toBeLessThanOrEqual(2)
      if (mount)
        await until(() => client.connection.getState() === 'online' && server.online.stats().subscriptions === 1)
      for (const leave of mount === 1 ? leaves.reverse() : leaves) {
        leave()
        leave()
      }
      expect(countListeners(socket)).toEqual(bare)
    }
    await until(() => server.online.stats().subscriptions === 0)
    expect(client.typists(group).getState()).toEqual({ typists: [], total: 0 })
    expect(socket.connected).toBe(true)
    expect(warn.mock.calls).toEqual([])
    warn.mockRestore()
  })

  test('a send right after a use that ended before the hello was answered goes through', async () => {
    const server = await startServer()
    const { socket } = await bareSocket(server)
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    client.connection.subscribe(() => {})()
    expect(await client.send(group, 'note', 1)).toEqual({ ok: true })
  })

  test('one that is left and taken again in one tick goes on hearing', async () => {
    const server = await startServer()
    const bob = await server.connect('bob')
    const ann = await server.connect('ann')
    const heard: unknown[] = []
    const subscribe = () => bob.client.subscribe(group, 'note', ({ data }) => heard.push(data))
    let leave = subscribe()
    for (let n = 0; n < 5; n++) {
      leave()
      leave = subscribe()
    }
    await bob.settled()
    await ann.client.send(group, 'note', 1)
    await bob.settled()
    expect(heard).toEqual([1])
  })
})

test('the socket stays the app’s: neither connected nor closed, and its acknowledgements are its own', async () => {
  const server = await startServer()
  const ann = await server.connect('ann')
  server.io.sockets.sockets.get(ann.socket.id!)!.on('app', (n: number, answer: (n: number) => void) => answer(n * 2))
  const answers = await Promise.all(
    Array.from({ length: 20 }, async (_, n) => {
      const result = ann.client.send(group, 'note', n)
      const doubled = (await ann.socket.emitWithAck('app', n)) as number
      return [(await result).ok, doubled]
    }),
  )
  expect(answers).toEqual(answers.map((_, n) => [true, n * 2]))

  const idle = server.begin('idle', { socket: { autoConnect: false } })
  expect(await idle.client.send(group, 'note', 1)).toMatchObject({ ok: false, code: 'offline' })
  expect([idle.socket.connected, idle.socket.active, idle.client.connection.getState()]).toEqual([
    false,
    false,
    'offline',
  ])
})

test('a namespace of its own, beside others over the same connection', async () => {
  const server = await startServer({ namespace: '/chat' })
  const manager = shareManager(server.url)
  const chat = manager.socket('/chat', { auth: { user: 'ann' } })
  const main = manager.socket('/', { auth: { user: 'ann' } })
  const ann = createOnlineMessageClient({ transport: createSocketTransport(chat) })
  const lost = createSocketTransport(main)
  const bob = await server.connect('bob')
  const heard = await bob.hear({ user: 'ann' })
  const states = await bob.watch({ user: 'ann' })
  const own: unknown[] = []
  ann.subscribe({ user: 'bob' }, 'note', ({ data }) => own.push(data))
  const stranger: unknown[] = []
  lost.subscribe({ user: 'bob' }, { message: (message) => stranger.push(message), typists() {} })
  await until(() => ann.connection.getState() === 'online')
  expect(await ann.send({ user: 'bob' }, 'note', 1)).toEqual({ ok: true })
  ann.typing({ user: 'bob' }).keystroke()
  await until(() => names(states.at(-1))?.[0] === 'ann')
  expect(await bob.client.send({ user: 'ann' }, 'note', 2)).toEqual({ ok: true })
  await until(() => own.length)
  expect([heard.length, own, stranger]).toEqual([1, [2], []])
  // Kicked out of the namespace, while the connection stays.
  server.io.of('/chat').sockets.get(chat.id!)!.disconnect()
  await until(() => !chat.connected)
  expect(main.connected).toBe(true)
  expect(await ann.send({ user: 'bob' }, 'note', 'late')).toMatchObject({ ok: false, code: 'offline' })
  chat.connect()
  await until(() => ann.connection.getState() === 'online')
  expect(await ann.send({ user: 'bob' }, 'note', 'now')).toEqual({ ok: true })
  await bob.settled()
  expect(heard.map(({ data }) => data)).toEqual([1, 'now'])
})

test('what comes from a server that does not keep to the protocol harms nobody', async () => {
  const server = await startServer({ attach: false })
  server.io.on('connection', (socket) => {
    socket.on('om:hello', (_: unknown, answer: (welcome: unknown) => void) =>
      answer({
        ok: true,
        version: 1,
        time: Date.now(),
        maxAge: 2000,
        maxBytes: 100,
        tellActive: false,
        later: 'field',
      }),
    )
  })
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const now = Date.now()
  server.io.emit('om:later', now, group)
  server.io.emit('om:message', now, { group: 'other' }, 'note', '1', { id: 'ann' })
  server.io.emit('om:message', now, group, 'other', '1', { id: 'ann' })
  server.io.emit('om:message', now, { ...group, later: 1 }, 'note', 'no JSON', { id: 'ann' })
  server.io.emit('om:message', now, group, 'note', '2', { id: 'ann', later: 1 })
  await bob.settled()
  expect(heard.map(({ data }) => data)).toEqual([undefined, 2])
})

test('G1: what arrives older than the server’s maxAge is dropped, and what is shown is asked for anew', async () => {
  const server = await startServer({ attach: false })
  let hellos = 0
  server.io.on('connection', (socket) => {
    socket.on('om:hello', (_: unknown, answer: (welcome: unknown) => void) => {
      hellos++
      // An hour ahead: nobody's clock has to agree with anybody's.
      answer({ ok: true, version: 1, time: Date.now() + 3_600_000, maxAge: 500, maxBytes: 100, tellActive: false })
    })
  })
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  const now = Date.now() + 3_600_000
  server.io.emit('om:typists', now, group, 1, [{ id: 'ann', since: now }])
  await until(() => states.length === 1)
  server.io.emit('om:message', now - 1000, group, 'note', '1', { id: 'ann' })
  await until(() => hellos === 2)
  await bob.settled()
  expect([heard, states.map(({ total }) => total)]).toEqual([[], [1, 0]])
  await until(() => bob.client.connection.getState() === 'online')
  server.io.emit('om:message', now, group, 'note', '2', { id: 'ann' })
  await allQuiet(bob)
  expect(heard.map(({ data }) => data)).toEqual([2])
})

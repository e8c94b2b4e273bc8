import { afterEach, describe, expect, test, vi } from 'vitest'
import type { ConnectionState } from '../../../src/core/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { startScriptedServer } from '../../support/networks/scripted-server.ts'
import { CARRIERS, closeAll, startServer, type TestServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

/** What the transport reads time from. */
const FAKE_TIMERS = ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] as const

const group = { group: 'team' }
const message = { conversation: group, command: 'note', data: 1 }

describe.each(CARRIERS)('over %s', (carrier) => {
  test('connecting, online once the hello is answered, offline or connecting after a disconnect', async () => {
    let answerHello = () => {}
    const server = await startServer({
      plugin: { identify: () => new Promise((resolve) => (answerHello = () => resolve('ann'))) },
    })
    const ann = server.begin('ann', { carrier })
    const seen: ConnectionState[] = [ann.client.connection.getState()]
    ann.client.connection.subscribe((state) => seen.push(state))
    await until(() => ann.socket.connected)
    expect(ann.client.connection.getState()).toBe('connecting')
    answerHello()
    await until(() => ann.client.connection.getState() === 'online')
    ann.socket.io.engine.close()
    await until(() => seen.length === 3)
    await until(() => ann.socket.connected)
    answerHello()
    await until(() => ann.client.connection.getState() === 'online')
    ann.socket.disconnect()
    expect(ann.client.connection.getState()).toBe('offline')
    expect(seen).toEqual(['connecting', 'online', 'connecting', 'online', 'offline'])
    expect(ann.client.connection.getInitialState()).toBe('connecting')
  })
})

const silentServers: [why: string, start: () => Promise<TestServer>][] = [
  ['a server without the plug-in', () => startServer({ attach: false })],
  [
    'an allow-list in socket.use without om:*',
    async () => {
      const server = await startServer()
      server.io.use((connection, accept) => {
        connection.use(([event], next) => {
          if (event === 'message') next()
        })
        accept()
      })
      return server
    },
  ],
  ['an identify that waits for a sign-in', () => startServer({ plugin: { identify: () => new Promise(() => {}) } })],
]
test.each(silentServers)('T2: %s: timeout, and a text that names the three causes', async (_why, start) => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const server = await start()
  const socket = await server.raw('ann')
  // Fake timers only from here on: the connection itself needs real ones.
  vi.useFakeTimers({ toFake: [...FAKE_TIMERS] })
  try {
    const bare = createSocketTransport(socket)
    const result = bare.send(message)
    await vi.advanceTimersByTimeAsync(5000)
    expect(await result).toMatchObject({ ok: false, code: 'timeout' })
    const { message: text } = (await result) as { message: string }
    expect(text).toMatch(/attachOnlineMessages.* socket\.use .*om:\*.* identify/)
    expect(warn).toHaveBeenCalledWith(`${text} (react-online-message: timeout)`)
    expect(bare.connection.getState()).toBe('connecting')
  } finally {
    vi.useRealTimers()
    warn.mockRestore()
  }
})

test('a hello without an answer is said again, and the second answer counts', async () => {
  const warn = vi.spyOn(console, 'warn').mockReturnValue()
  const server = await startScriptedServer({
    onHello(answer, welcome) {
      if (server.received('om:hello').length > 1) answer(welcome())
    },
  })
  const socket = await server.raw('ann')
  vi.useFakeTimers({ toFake: [...FAKE_TIMERS] })
  try {
    const transport = createSocketTransport(socket)
    const unsubscribe = transport.connection.subscribe(() => {})
    await until(() => server.received('om:hello').length === 1)
    await vi.advanceTimersByTimeAsync(5000)
    await until(() => transport.connection.getState() === 'online')
    expect(server.received('om:hello')).toHaveLength(2)
    unsubscribe()
  } finally {
    vi.useRealTimers()
    warn.mockRestore()
  }
})

describe('a refused hello', () => {
  const refusal = { ok: false, code: 'forbidden', message: 'Nobody knows you: log in.' }

  test('refuses every subscription, and whatever waited for it; nothing of that is written', async () => {
    let refuse = () => {}
    const server = await startScriptedServer({ onHello: (answer) => (refuse = () => answer(refusal)) })
    const transport = createSocketTransport(await server.raw('ann'))
    const refused = vi.fn()
    const conversations = [group, { user: 'bob' }]
    for (const conversation of conversations) {
      transport.subscribe(conversation, {
        message() {},
        typists() {},
        refused: (failure) => void refused(conversation, failure),
      })
    }
    const results = [transport.send(message), transport.send(message)]
    await until(() => server.received('om:hello').length === 1)
    refuse()
    expect(await Promise.all(results)).toEqual([refusal, refusal])
    expect(refused.mock.calls).toEqual(conversations.map((conversation) => [conversation, refusal]))
    expect(transport.connection.getState()).toBe('connecting')
    expect(server.events).toEqual([['om:hello', 1]])
  })

  test('is not the end: the next send says hello again', async () => {
    const server = await startScriptedServer({
      onHello: (answer, welcome) => answer(server.received('om:hello').length === 1 ? refusal : welcome()),
    })
    const transport = createSocketTransport(await server.raw('ann'))
    transport.connection.subscribe(() => {})
    expect(await transport.send(message)).toEqual(refusal)
    expect(await transport.send(message)).toEqual({ ok: true })
    expect(transport.connection.getState()).toBe('online')
  })

  test.each([[undefined], [null], ['ok'], [{}], [{ ok: true }], [{ ok: true, time: 'now', maxAge: 1, maxBytes: 1 }]])(
    'an answer that is no welcome, %j, counts as one, once',
    async (answer) => {
      const server = await startScriptedServer({ onHello: (respond) => respond(answer) })
      const transport = createSocketTransport(await server.raw('ann'))
      const refused = vi.fn()
      transport.subscribe(group, { message() {}, typists() {}, refused })
      await until(() => refused.mock.calls.length)
      expect(refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'invalid' }))
      expect(server.events).toEqual([['om:hello', 1]])
    },
  )
})

test('the socket stays the app’s: the transport neither connects nor closes it', async () => {
  const server = await startServer()
  const idle = server.begin('idle', { socket: { autoConnect: false } })
  expect(await idle.client.send(group, 'note', 1)).toMatchObject({ ok: false, code: 'offline' })
  expect([idle.socket.connected, idle.socket.active, idle.client.connection.getState()]).toEqual([
    false,
    false,
    'offline',
  ])
})

test('T2: a subscriber of the connection that throws breaks nothing, and its error is reported', async () => {
  const server = await startServer()
  const transport = createSocketTransport(await server.raw('ann'))
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  const unsubscribe = transport.connection.subscribe(() => {
    throw new Error('thrown by a subscriber')
  })
  expect(await transport.send(message)).toEqual({ ok: true })
  expect(transport.connection.getState()).toBe('online')
  await until(() => uncaught.mock.calls.length)
  unsubscribe()
  process.off('uncaughtException', uncaught)
  expect(String(uncaught.mock.calls[0]?.[0])).toContain('thrown by a subscriber')
})

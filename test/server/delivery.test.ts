import { afterEach, describe, expect, test } from 'vitest'
import type { OnlineMessage, User } from '../../src/core/index.ts'
import {
  allQuiet,
  CARRIERS,
  closeAll,
  roundTrip,
  startServer,
  type TestClient,
  until,
} from '../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }
const data = (messages: readonly OnlineMessage[]) => messages.map((message) => message.data)

describe.each(CARRIERS)('over %s', (carrier) => {
  test('T4: one-to-one reaches every connected device of the receiver, none of the sender’s, and nobody else', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const others = await Promise.all(['ann', 'bob', 'bob', 'cy'].map((user) => server.connect(user, { carrier })))
    const [annAgain, bob, bobAgain, cy] = others
    const heard = await Promise.all([
      ann.hear({ user: 'bob' }),
      annAgain!.hear({ user: 'bob' }),
      annAgain!.hear({ user: 'ann' }),
      bob!.hear({ user: 'ann' }),
      bobAgain!.hear({ user: 'ann' }),
      cy!.hear({ user: 'ann' }),
    ])
    expect(await ann.client.send({ user: 'bob' }, 'note', { n: 1 })).toEqual({ ok: true })
    await allQuiet(ann, ...others)
    const message = { conversation: { user: 'ann' }, command: 'note', data: { n: 1 }, from: { id: 'ann' } }
    expect(heard).toEqual([[], [], [], [message], [message], []])
  })

  test('T4: a sender receives it on none of their devices, nor what they send to themselves', async () => {
    const server = await startServer({ plugin: { countRecipients: true } })
    const ann = await server.connect('ann', { carrier })
    const annAgain = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await Promise.all([
      ann.hear(group),
      annAgain.hear(group),
      annAgain.hear({ user: 'ann' }),
      bob.hear(group),
    ] as const)
    expect(await ann.client.send(group, 'note', 1)).toEqual({ ok: true, recipients: 1 })
    expect(await ann.client.send({ user: 'ann' }, 'note', 2)).toEqual({ ok: true, recipients: 0 })
    await allQuiet(ann, annAgain, bob)
    expect(heard.map(data)).toEqual([[], [], [], [1]])
  })

  test('a thread is a conversation of its own, one-to-one and in a group', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await Promise.all([
      bob.hear({ user: 'ann' }),
      bob.hear({ user: 'ann', thread: 't' }),
      bob.hear(group),
      bob.hear({ ...group, thread: 't' }),
      bob.hear({ ...group, thread: 'u' }),
      bob.hear({ group: 't' }),
    ])
    await ann.client.send({ user: 'bob', thread: 't' }, 'note', 1)
    await ann.client.send({ user: 'bob' }, 'note', 2)
    await ann.client.send({ ...group, thread: 't' }, 'note', 3)
    await ann.client.send(group, 'note', 4)
    await allQuiet(ann, bob)
    expect(heard.map(data)).toEqual([[2], [1], [4], [3], [], []])
  })

  test('ids that would collide with a separator between them do not', async () => {
    const server = await startServer()
    const ann = await server.connect('a","b', { carrier })
    const bob = await server.connect('a', { carrier })
    const ids = ['b', 'b","a', '["group"', '__proto__', 'constructor', 'a:b', '']
    const heard = await Promise.all(ids.slice(0, -1).map((user) => bob.hear({ user })))
    expect(await ann.client.send({ user: 'a' }, 'note', 1)).toEqual({ ok: true })
    await allQuiet(ann, bob)
    expect(heard.flat()).toEqual([])
  })

  test('T5: subscribed with the first subscriber, unsubscribed after the last', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const { client } = ann
    const listeners = async () => {
      await ann.settled()
      return server.online.stats().subscriptions
    }
    expect(await listeners()).toBe(0)
    const leave = client.subscribe(group, 'note', () => {})
    expect(await listeners()).toBe(1)
    const leaveToo = client.subscribe(group, 'other', () => {})
    const unwatch = client.typists(group).subscribe(() => {})
    expect(await listeners()).toBe(1)
    leave()
    leave()
    unwatch()
    expect(await listeners()).toBe(1)
    leaveToo()
    expect(await listeners()).toBe(0)
  })

  test('T5: subscribed again after a reconnect, and only to what is still wanted', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear(group)
    const leave = bob.client.subscribe({ group: 'left' }, 'note', () => {})
    await bob.settled()
    expect(server.online.stats().subscriptions).toBe(2)
    bob.socket.io.engine.close()
    await until(() => server.online.stats().subscriptions === 0)
    leave()
    await until(() => bob.client.connection.getState() === 'online')
    await bob.settled()
    expect(server.online.stats().subscriptions).toBe(1)
    await ann.client.send(group, 'note', 1)
    await allQuiet(ann, bob)
    expect(data(heard)).toEqual([1])
  })

  test('T1, G1: what is sent while offline is answered at once, and never arrives', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear(group)
    ann.socket.disconnect()
    const results = [1, 2, 3].map((n) => ann.client.send(group, 'note', n))
    for (const result of results) {
      expect(await result).toEqual({
        ok: false,
        code: 'offline',
        message: expect.stringMatching(/^Not connected/) as string,
      })
    }
    ann.socket.connect()
    await until(() => ann.client.connection.getState() === 'online')
    expect(await ann.client.send(group, 'note', 'now')).toEqual({ ok: true })
    await allQuiet(ann, bob)
    expect(data(heard)).toEqual(['now'])
  })

  test('G2: a device that connects later never gets it', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear({ user: 'ann' })
    await ann.client.send({ user: 'bob' }, 'note', 1)
    const later = await server.connect('bob', { carrier })
    const heardLater = await later.hear({ user: 'ann' })
    await ann.client.send({ user: 'bob' }, 'note', 2)
    await allQuiet(ann, bob, later)
    expect([data(heard), data(heardLater)]).toEqual([[1, 2], [2]])
  })

  test('T6: ten messages in one tick, between the app’s own emits: all, in order, once', async () => {
    const server = await startServer()
    server.io.on('connection', (socket) => {
      socket.on('app', (n: number) => socket.broadcast.emit('app', n))
    })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const seen: unknown[] = []
    bob.client.subscribe(group, 'note', (message) => seen.push(message.data))
    bob.socket.on('app', (n) => seen.push(n))
    await bob.settled()
    ann.socket.emit('app', 'before')
    const results = Array.from({ length: 10 }, (_, n) => {
      if (n === 5) ann.socket.emit('app', 'between')
      return ann.client.send(group, 'note', n)
    })
    ann.socket.emit('app', 'after')
    expect(await Promise.all(results)).toEqual(Array(10).fill({ ok: true }))
    await allQuiet(ann, bob)
    expect(seen).toEqual(['before', 0, 1, 2, 3, 4, 'between', 5, 6, 7, 8, 9, 'after'])
  })

  test('T6: the server’s own emits and a bot’s messages in one tick keep their order', async () => {
    const server = await startServer()
    const bob = await server.connect('bob', { carrier })
    const seen: unknown[] = []
    bob.client.subscribe(group, 'note', (message) => seen.push(message.data))
    bob.socket.on('app', (n) => seen.push(n))
    await bob.settled()
    const bot = server.online.createBot('bot')
    server.io.emit('app', 'before')
    for (let n = 0; n < 10; n++) void bot.send({ conversation: group, command: 'note', data: n })
    server.io.emit('app', 'after')
    await bob.settled()
    expect(seen).toEqual(['before', 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 'after'])
  })

  test('S4: stop() and the app’s own emit in the same tick arrive in that order: no badge outlives its message', async () => {
    const server = await startServer()
    server.io.on('connection', (socket) => {
      socket.on('app', (text: string) => socket.broadcast.emit('app', text))
    })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const seen: string[] = []
    bob.client.typists({ user: 'ann' }).subscribe(({ total }) => seen.push(`typing ${total}`))
    bob.socket.on('app', (text: string) => seen.push(text))
    await bob.settled()
    const typing = ann.client.typing({ user: 'bob' })
    for (let n = 0; n < 8; n++) {
      typing.keystroke()
      await until(() => seen.length % 3 === 1)
      typing.stop()
      ann.socket.emit('app', 'hello')
      await allQuiet(ann, bob)
    }
    expect(seen).toEqual(Array(8).fill(['typing 1', 'typing 0', 'hello']).flat())
  })
})

test('T6: messages while polling upgrades to websocket: all, in order, once', async () => {
  const server = await startServer()
  // Time enough to send before, during and after.
  server.io.engine.use((request: { url: string }, _: unknown, next: () => void) => {
    if (request.url.includes('transport=websocket')) setTimeout(next, 100)
    else next()
  })
  const both = ['ann', 'bob'].map((user) => server.begin(user, { socket: { transports: ['polling', 'websocket'] } }))
  const [ann, bob] = both as [TestClient, TestClient]
  await until(() => both.every(({ client }) => client.connection.getState() === 'online'))
  const heard = await bob.hear(group)
  const carriers = () => both.map(({ socket }) => socket.io.engine.transport.name)
  expect(carriers()).toEqual(['polling', 'polling'])
  const results = []
  for (let more = 20; more; more -= carriers().includes('polling') ? 0 : 1) {
    results.push(ann.client.send(group, 'note', results.length))
    await new Promise((resolve) => setTimeout(resolve, 1))
  }
  expect(new Set((await Promise.all(results)).map(({ ok }) => ok))).toEqual(new Set([true]))
  await allQuiet(ann, bob)
  expect(data(heard)).toEqual(results.map((_, n) => n))
})

test('data arrives as it was sent: the server reads nothing in it', async () => {
  const server = await startServer({ plugin: { maxBytes: 100_000 } })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const values = [
    undefined,
    null,
    0,
    '',
    'x',
    [],
    { a: [1, { b: null }] },
    '\u2028\u2029\0"\\',
    '👋🏽 zażółć 打字',
    JSON.parse('{"__proto__":{"x":1}}') as unknown,
    { _placeholder: true, num: 0 },
    'x'.repeat(200),
    'é'.repeat(40_000),
  ]
  for (const value of values) expect(await ann.client.send(group, 'note', value)).toEqual({ ok: true })
  await allQuiet(ann, bob)
  expect(data(heard)).toEqual(values)
})

test('T3: names and pictures are the ones that identify returned for this connection', async () => {
  const users: Record<string, User> = {
    ann: { id: 'ann', name: 'Ann Ångström', avatar: 'ann.png', ...{ secret: 'not for others' } },
  }
  const server = await startServer({
    plugin: { identify: (socket) => users[(socket.handshake.auth as { user: string }).user] ?? 'bob' },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear({ user: 'ann' })
  const states = await bob.watch({ user: 'ann' })
  await ann.client.send({ user: 'bob' }, 'note', 1)
  ann.client.typing({ user: 'bob' }).keystroke()
  await until(() => states.length)
  const known = { id: 'ann', name: 'Ann Ångström', avatar: 'ann.png' }
  expect(heard[0]?.from).toEqual(known)
  expect(states[0]?.typists).toEqual([{ ...known, activity: 'typing', since: expect.any(Number) as number }])
})

test('G3: connection-state recovery keeps nothing of ours, and a recovered device is subscribed as before', async () => {
  const server = await startServer({ io: { connectionStateRecovery: { maxDisconnectionDuration: 60_000 } } })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const app: unknown[] = []
  bob.socket.on('app', (n) => app.push(n))
  server.io.emit('app', 0)
  await bob.settled()
  const { id } = bob.socket
  bob.socket.io.engine.close()
  await until(() => server.online.stats().connections === 1)
  await ann.client.send(group, 'note', 'missed')
  server.io.emit('app', 1)
  await until(() => bob.client.connection.getState() === 'online')
  await roundTrip(bob.socket)
  expect([bob.socket.recovered, bob.socket.id]).toEqual([true, id])
  await ann.client.send(group, 'note', 'now')
  await allQuiet(ann, bob)
  expect([data(heard), app]).toEqual([['now'], [0, 1]])
  // The adapter keeps the app's packets for clients that return, but not ours.
  const { packets } = server.io.sockets.adapter as unknown as { packets: { data: [event: string] }[] }
  expect(new Set(packets.map(({ data: [event] }) => event))).toEqual(new Set(['app']))
})

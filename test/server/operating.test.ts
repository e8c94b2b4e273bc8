import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { SUBSCRIBE, REFUSED, TYPISTS } from '../../src/core/transport/wire.ts'
import type { AuthorizationRequest } from '../../src/server/index.ts'
import { attachOnlineMessages } from '../../src/server/index.ts'
import { allQuiet, CARRIERS, closeAll, names, startServer, until } from '../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const group = { group: 'team' }
const thread = { ...group, thread: 't' }
const toBob = { user: 'bob' }
const open = {
  identify: (socket: { handshake: { auth: unknown } }) => (socket.handshake.auth as { user: string }).user,
  authorize: 'anyone',
} as const

describe.each(CARRIERS)('revoke, over %s', (carrier) => {
  /** Two devices of Bob's that are subscribed everywhere, and Ann who sends there. */
  async function scene() {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const bobAgain = await server.connect('bob', { carrier })
    const heard: string[] = []
    for (const [where, conversation] of Object.entries({
      group,
      thread,
      other: { group: 'other' },
      one: { user: 'ann' },
    })) {
      for (const device of [bob, bobAgain]) device.client.subscribe(conversation, 'note', () => heard.push(where))
    }
    await allQuiet(bob, bobAgain)
    const sayAll = async () => {
      for (const to of [group, thread, { group: 'other' }, toBob]) await ann.client.send(to, 'note')
      await allQuiet(ann, bob, bobAgain)
      return heard.splice(0).sort()
    }
    return { server, ann, bob, bobAgain, sayAll }
  }
  const twice = (...where: string[]) => where.flatMap((name) => [name, name])

  test('a user in a conversation: on all their devices, its threads too, and nowhere else', async () => {
    const { server, bob, bobAgain, sayAll } = await scene()
    expect(await sayAll()).toEqual(twice('group', 'one', 'other', 'thread'))
    server.online.revoke({ user: 'bob', conversation: group })
    expect(await sayAll()).toEqual(twice('one', 'other'))
    expect(server.online.stats().subscriptions).toBe(4)
    for (const { errors } of [bob, bobAgain]) {
      expect(errors.map(({ code, conversation }) => [code, conversation])).toEqual([
        ['forbidden', group],
        ['forbidden', thread],
      ])
    }
  })

  test('a user in a thread: not in the conversation around it', async () => {
    const { server, sayAll } = await scene()
    server.online.revoke({ user: 'bob', conversation: thread })
    expect(await sayAll()).toEqual(twice('group', 'one', 'other'))
  })

  test('a user in a one-to-one conversation, as that user sees it', async () => {
    const { server, sayAll } = await scene()
    server.online.revoke({ user: 'ann', conversation: toBob })
    expect(await sayAll()).toEqual(twice('group', 'one', 'other', 'thread'))
    server.online.revoke({ user: 'bob', conversation: { user: 'ann' } })
    expect(await sayAll()).toEqual(twice('group', 'other', 'thread'))
  })

  test('a user everywhere; other users, and ids without a user, notice nothing', async () => {
    const { server, ann, sayAll } = await scene()
    server.online.revoke({ user: 'nobody' })
    server.online.revoke({ user: '__proto__' })
    expect(await sayAll()).toHaveLength(8)
    server.online.revoke({ user: 'bob' })
    expect(await sayAll()).toEqual([])
    expect([server.online.stats().subscriptions, ann.errors]).toEqual([0, []])
  })

  test('typing: both what the user sees and what others see of them ends at once', async () => {
    const { server, ann, bob } = await scene()
    const [bobSees, annSees, annSeesBob] = [
      await bob.watch(group),
      await ann.watch(group),
      await ann.watch({ user: 'bob' }),
    ]
    ann.client.typing(group).startActivity('typing')
    bob.client.typing(group).startActivity('typing')
    bob.client.typing({ user: 'ann' }).startActivity('typing')
    await until(() => [bobSees, annSees, annSeesBob].every((states) => states.at(-1)?.total === 1))
    server.online.revoke({ user: 'bob', conversation: group })
    await allQuiet(ann, bob)
    expect([bobSees, annSees, annSeesBob].map((states) => states.at(-1)?.total)).toEqual([0, 0, 1])
    ann.client.typing(group).stop()
    ann.client.typing(group).keystroke()
    await allQuiet(ann, bob)
    expect(bobSees.at(-1)?.total).toBe(0)
    server.online.revoke({ user: 'bob' })
    await allQuiet(ann, bob)
    expect(annSeesBob.at(-1)?.total).toBe(0)
  })
})

test('revoke: on the wire an empty typing update comes first, which replaces one that may still wait to be written', async () => {
  const server = await startServer()
  const ann = await server.connect('ann')
  const bob = await server.raw('bob')
  const told: unknown[] = []
  bob.onAny((event: string, _at: number, ...rest: unknown[]) => told.push([event, ...rest]))
  bob.emit(SUBSCRIBE, [group])
  await bob.emitWithAck('test:ping')
  ann.client.typing(group).keystroke()
  await ann.settled()
  server.online.revoke({ user: 'bob' })
  await bob.emitWithAck('test:ping')
  expect(told).toMatchObject([
    [TYPISTS, group, 1, [{ id: 'ann' }]],
    [TYPISTS, group, 0, []],
    [REFUSED, group, { code: 'forbidden' }],
  ])
})

test('revoke: a permission that authorize is still thinking about is asked for again', async () => {
  const asked: { request: AuthorizationRequest; answer: (yes: boolean) => void }[] = []
  const server = await startServer({
    plugin: {
      authorize: (request) =>
        request.user.id === 'ann' || new Promise((resolve) => asked.push({ request, answer: resolve })),
    },
  })
  const ann = await server.connect('ann')
  const heardByAnn = await ann.hear(group)
  const annSees = await ann.watch(group)
  const bob = await server.connect('bob')
  const heard: unknown[] = []
  bob.client.subscribe(group, 'note', ({ data }) => heard.push(data))
  await until(() => asked.length === 1)
  const listening = asked[0]!
  server.online.revoke({ user: 'bob', conversation: group })
  listening.answer(true)
  await until(() => asked.length === 2)
  expect(asked[1]!.request).toEqual(listening.request)
  asked[1]!.answer(false)
  await until(() => bob.errors.length)
  await ann.client.send(group, 'note', 1)

  const result = bob.client.send(group, 'note', 2)
  bob.client.typing(group).keystroke()
  await until(() => asked.length === 4)
  server.online.revoke({ user: 'bob' })
  asked[2]!.answer(true)
  asked[3]!.answer(true)
  await until(() => asked.length === 6)
  asked[4]!.answer(false)
  asked[5]!.answer(false)
  expect(await result).toMatchObject({ ok: false, code: 'forbidden' })
  await allQuiet(ann, bob)
  expect([heard, heardByAnn, annSees]).toEqual([[], [], []])
})

test.each([1, 2])('revoke, recheck: of three devices %i have gone, and each that is left is silenced', async (gone) => {
  let allowed = true
  const server = await startServer({
    plugin: {
      reauthorizeInterval: 1000,
      authorize: ({ user, action }) => user.id === 'ann' || action === 'send' || allowed,
    },
  })
  const ann = await server.connect('ann')
  const devices = await Promise.all(Array.from({ length: 3 }, () => server.connect('bob')))
  const heard = await Promise.all(devices.map((device) => device.hear(group)))
  for (const { socket } of devices.slice(0, gone)) socket.disconnect()
  await until(() => server.online.stats().connections === 4 - gone)
  const left = devices.slice(gone)
  expect(server.online.stats().subscriptions).toBe(left.length)

  server.online.revoke({ user: 'bob' })
  await until(() => left.every(({ errors }) => errors.length === 1))
  await ann.client.send(group, 'note', 1)
  await allQuiet(ann, ...left)
  expect([heard.flat(), server.online.stats().subscriptions]).toEqual([[], 0])

  await Promise.all(left.map((device) => device.hear({ group: 'other' })))
  allowed = false
  await until(() => left.every(({ errors }) => errors.length === 2), 'all are asked for again', 4000)
})

test('revoke: a user whose permission is back is subscribed again with the next subscription', async () => {
  const server = await startServer()
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  await bob.hear(group)
  server.online.revoke({ user: 'bob', conversation: group })
  await until(() => bob.errors.length)
  const heard = await bob.hear(group)
  await ann.client.send(group, 'note', 1)
  await allQuiet(ann, bob)
  expect(heard).toHaveLength(1)
})

test('reauthorizeInterval: without revoke, permission to subscribe is asked for again at that interval', async () => {
  let allowed = true
  const server = await startServer({
    plugin: {
      reauthorizeInterval: 1000,
      authorize: ({ user, action }) => user.id === 'ann' || action === 'send' || allowed,
    },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  ann.client.typing(group).startActivity('typing')
  await until(() => states.length === 1)
  allowed = false
  await until(() => bob.errors.length, 'Bob is told', 4000)
  await ann.client.send(group, 'note', 1)
  await allQuiet(ann, bob)
  expect([heard, states.at(-1)?.total, server.online.stats().subscriptions]).toEqual([[], 0, 0])
  expect(bob.errors[0]).toMatchObject({ code: 'forbidden', conversation: group })
})

test('reauthorizeInterval: authorize is asked the same as at first, for each conversation, and whoever still may stays', async () => {
  const requests: AuthorizationRequest[] = []
  const secret = { group: 'secret', thread: 't' }
  let isMember = true
  const server = await startServer({
    plugin: {
      identify: (socket) => ({ id: (socket.handshake.auth as { user: string }).user, name: 'A name' }),
      reauthorizeInterval: 1000,
      authorize(request) {
        if (request.user.id === 'bob') requests.push(request)
        return request.conversation.group !== 'secret' || isMember
      },
    },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  await bob.hear({ user: 'ann' })
  await bob.hear(secret)
  const user = { id: 'bob', name: 'A name' }
  const asked = [group, { user: 'ann' }, secret].map((conversation) => ({ user, conversation, action: 'subscribe' }))
  expect(requests.splice(0)).toEqual(asked)
  await until(() => requests.length === 3, 'all are asked for again', 4000)
  expect(requests).toEqual(asked)
  isMember = false
  await until(() => bob.errors.length === 1, 'one of them ends', 4000)
  expect(bob.errors[0]).toMatchObject({ code: 'forbidden', conversation: secret })
  await ann.client.send(group, 'note', 1)
  await ann.client.send({ user: 'bob' }, 'note', 2)
  await allQuiet(ann, bob)
  expect([heard.length, bob.errors.length, server.online.stats().subscriptions]).toEqual([1, 1, 2])
})

describe('close', () => {
  test('removes every listener from the namespace and its sockets, and typing from every screen; connections stay', async () => {
    const server = await startServer({ attach: false })
    const count = () =>
      [server.io.sockets, ...server.io.sockets.sockets.values()].map((emitter) =>
        emitter.eventNames().map((name) => [name, emitter.listenerCount(name as never)]),
      )
    const before = server.begin('ann')
    const readers = [server.begin('bob'), server.begin('cy')]
    const all = [before, ...readers]
    await until(() => all.every(({ socket }) => socket.connected))
    await Promise.all(all.map(({ settled }) => settled()))
    const bare = count()

    const online = attachOnlineMessages(server.io, open)
    expect(count()).not.toEqual(bare)
    for (const { socket } of all) socket.disconnect().connect()
    await until(() => all.every(({ client }) => client.connection.getState() === 'online'))
    const states = await Promise.all(readers.map((reader) => reader.watch(group)))
    before.client.typing(group).startActivity('typing')
    readers[0]!.client.typing(group).startActivity('typing')
    await until(() => names(states[0]!.at(-1))?.length === 1 && names(states[1]!.at(-1))?.length === 2)
    online.close()
    await until(() => states.every((seen) => seen.at(-1)?.total === 0))
    expect(all.every(({ socket }) => socket.connected)).toBe(true)
    expect(count()).toEqual(bare)
    const { connections, subscriptions, leases } = online.stats()
    expect({ connections, subscriptions, leases }).toEqual({ connections: 0, subscriptions: 0, leases: 0 })
    online.close()
  })

  test('typing ends on every screen of a large room, too', async () => {
    const server = await startServer({ plugin: { typingUpdates: { batchFrom: 2, batchInterval: 60_000 } } })
    const readers = await Promise.all(['bob', 'cy', 'di'].map((user) => server.connect(user)))
    const states = await Promise.all(readers.map((reader) => reader.watch(group)))
    const ann = await server.connect('ann')
    ann.client.typing(group).startActivity('typing')
    await until(() => states.every((seen) => seen.at(-1)?.total === 1))
    server.online.close()
    await until(() => states.every((seen) => seen.at(-1)?.total === 0))
  })

  test('afterwards it can be attached again, and serves those who are connected already', async () => {
    const server = await startServer()
    const ann = await server.connect('ann')
    server.online.close()
    const online = attachOnlineMessages(server.io, { ...open, countRecipients: true })
    // An old handle is of no consequence to the new one.
    server.online.close()
    expect(() => attachOnlineMessages(server.io, open)).toThrow(/has online messages already/)
    const bob = await server.connect('bob')
    const heard = await bob.hear(group)
    expect(await ann.client.send(group, 'note', 1)).toEqual({ ok: true, recipients: 1 })
    await bob.settled()
    expect([heard.length, online.stats().connections]).toEqual([1, 2])
  })

  test('G1: a message that waits for permission when the plug-in is closed reaches nobody', async () => {
    let answer = (_: boolean) => {}
    const server = await startServer({
      plugin: { authorize: ({ action }) => action === 'subscribe' || new Promise((resolve) => (answer = resolve)) },
    })
    const ann = await server.connect('ann')
    const bob = await server.connect('bob')
    const heard = await bob.hear(group)
    void ann.client.send(group, 'note', 1)
    await ann.settled()
    server.online.close()
    answer(true)
    await allQuiet(ann, bob)
    expect(heard).toEqual([])
  })

  test('a bot of a closed plug-in is offline, and so is one that is created afterwards', async () => {
    const server = await startServer()
    const bot = server.online.createBot('bot')
    server.online.close()
    const message = { conversation: group, command: 'note', data: 1 }
    for (const transport of [bot, server.online.createBot('late')]) {
      expect(transport.connection.getState()).toBe('offline')
      expect(await transport.send(message)).toMatchObject({ ok: false, code: 'offline' })
    }
    expect(server.online.stats().connections).toBe(0)
  })
})

test('a dynamic namespace is an error that says what to attach to', async () => {
  const server = await startServer({ attach: false })
  expect(() => attachOnlineMessages(server.io.of(/^\/room-/), open)).toThrow(
    'A dynamic namespace has no sockets of its own. Attach to each child, when it emits its first connection. (react-online-message: dynamic-namespace)',
  )
})

test('attaching twice to one namespace is an error that says so; another namespace is allowed', async () => {
  const server = await startServer()
  expect(() => attachOnlineMessages(server.io, open)).toThrow(
    'The namespace / has online messages already. Call close() of the first one before. (react-online-message: namespace-attached)',
  )
  expect(() => attachOnlineMessages(server.io.of('/'), open)).toThrow(/has online messages already/)
  expect(() => attachOnlineMessages(server.io.of('/chat'), open)).not.toThrow()
})

test('stats: connections, subscriptions, leases, messages in and out, typing updates, and what was dropped, by reason', async () => {
  const server = await startServer({
    plugin: {
      authorize: ({ conversation }) => conversation.group !== 'secret',
      rateLimits: { perConnection: 5 },
      countRecipients: true,
    },
  })
  const nothing = {
    connections: 0,
    subscriptions: 0,
    leases: 0,
    messagesIn: 0,
    messagesOut: 0,
    typingUpdatesOut: 0,
    dropped: { expired: 0, offline: 0, forbidden: 0, invalid: 0, 'too-large': 0, 'rate-limited': 0, 'slow-reader': 0 },
  }
  expect(server.online.stats()).toEqual(nothing)
  const ann = await server.connect('ann')
  const devices = await Promise.all(['bob', 'bob', 'cy'].map((user) => server.connect(user)))
  for (const device of devices) {
    await device.hear(group)
    await device.watch(group)
  }
  await ann.client.send(group, 'note')
  await ann.client.send(toBob, 'note')
  ann.client.typing(group).keystroke()
  await allQuiet(ann, ...devices)
  expect(server.online.stats()).toEqual({
    ...nothing,
    connections: 4,
    subscriptions: 3,
    leases: 1,
    messagesIn: 2,
    messagesOut: 3,
    typingUpdatesOut: 3,
    dropped: { ...nothing.dropped, offline: 1 },
  })
  await ann.client.send({ group: 'secret' }, 'note')
  const [other] = devices
  await other!.socket.emitWithAck('om:send', Date.now() - 60_000, 'note', '', group)
  await other!.socket.emitWithAck('om:send', Date.now(), 'note', 7, group)
  await other!.socket.emitWithAck('om:send', Date.now(), 'note', 'x'.repeat(5000), group)
  for (let n = 0; n < 12; n++) await ann.client.send({ group: 'empty' }, 'note')
  const { dropped } = server.online.stats()
  expect(dropped).toMatchObject({ expired: 1, forbidden: 1, invalid: 1, 'too-large': 1 })
  expect(dropped['rate-limited']).toBeGreaterThan(5)
  // What has been handed out stays as it was.
  expect(server.online.stats().dropped).not.toBe(dropped)
  for (const client of [ann, ...devices]) client.close()
  await until(() => server.online.stats().connections === 0)
  expect(server.online.stats()).toMatchObject({ subscriptions: 0, leases: 0, messagesOut: 3 })
})

describe('countRecipients', () => {
  test.each([
    [true, { ok: true, recipients: 0 }],
    [false, { ok: true }],
  ])('%s: a sender whom nobody hears is told %o', async (countRecipients, result) => {
    const server = await startServer({ plugin: { countRecipients: countRecipients } })
    const ann = await server.connect('ann')
    // Connected, but not subscribed.
    const bob = await server.connect('bob')
    expect(await ann.client.send(toBob, 'note')).toEqual(result)
    expect(await ann.client.send({ user: 'nobody' }, 'note')).toEqual(result)
    const heard = await bob.hear({ user: 'ann' })
    bob.socket.disconnect()
    await until(() => server.online.stats().connections === 1)
    expect(await ann.client.send(toBob, 'note')).toEqual(result)
    expect(heard).toEqual([])
  })
})

import type { Socket as ServerSocket } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { User } from '../../src/core/index.ts'
import {
  HELLO,
  IDENTITY,
  LEASE,
  MESSAGE,
  PROTOCOL_VERSION,
  REFUSED,
  SEND,
  SUBSCRIBE,
  TYPISTS,
} from '../../src/core/transport/wire.ts'
import type { OnlineMessageServerOptions } from '../../src/server/index.ts'
import { CARRIERS, closeAll, roundTrip, startServer, type TestServer, until } from '../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
const warnings = vi.spyOn(console, 'warn')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
  warnings.mockReset().mockReturnValue(undefined)
})
afterEach(async () => {
  vi.useRealTimers()
  await closeAll()
})

const group = { group: 'team' }
const notIdentified = {
  ok: false,
  code: 'forbidden',
  message:
    'The server does not know whose connection this is: identify returned no user. Sign in first. After a sign-in on an open connection, call reidentify on the server.',
}
const identityChanged = {
  ok: false,
  code: 'forbidden',
  message:
    'This connection has another user now than when this was sent. Say hello again, and send it again if it still matters.',
}

/** A server whose users are in `socket.data.user`: at first whom the handshake names, later whom the test says. */
async function start(options: Partial<OnlineMessageServerOptions> = {}) {
  const identify = vi.fn((socket: ServerSocket): User | string | null => {
    const data = socket.data as { user?: User | null }
    if (data.user === undefined) {
      const { user } = socket.handshake.auth as { user: string }
      data.user = user === 'guest' ? null : { id: user }
    }
    return data.user
  })
  const server = await startServer({ plugin: { identify, ...options } })
  return { server, identify }
}

const served = ({ io }: TestServer, socket: Socket) => io.sockets.sockets.get(socket.id!)!
/** Somebody signs in, out, or changes their name on an open connection. */
function become(server: TestServer, socket: Socket, user: User | null) {
  Object.assign(served(server, socket).data as object, { user })
}

/** A connection with what it is sent. */
async function connect(server: TestServer, user: string, options: Parameters<TestServer['raw']>[1] = {}) {
  const socket = await server.raw(user, options)
  const received: unknown[][] = []
  for (const event of [MESSAGE, TYPISTS, REFUSED, IDENTITY])
    socket.on(event, (...args: unknown[]) => received.push([event, ...args]))
  return {
    socket,
    received,
    of: (event: string) => received.filter(([name]) => name === event).map(([, , ...rest]) => rest),
    settled: () => roundTrip(socket),
    hello: () => socket.emitWithAck(HELLO, PROTOCOL_VERSION) as Promise<{ ok: boolean }>,
    subscribe(...conversations: object[]) {
      socket.emit(SUBSCRIBE, conversations)
      return roundTrip(socket)
    },
    lease(ttl = 60_000, conversation: object = group) {
      socket.emit(LEASE, Date.now(), ttl, 'typing', conversation)
      return roundTrip(socket)
    },
    send: (data: string, conversation: object = group) =>
      socket.emitWithAck(SEND, Date.now(), 'note', data, conversation) as Promise<unknown>,
  }
}

const typistsOf = (updates: unknown[][]) => updates.map(([, , typists]) => typists)
const since = expect.any(Number) as number

describe.each(CARRIERS)('over %s', (carrier) => {
  test('I1: a new name is seen at once by those who see the user type, and in the next message', async () => {
    const { server, identify } = await start()
    const [ann, bob] = [await connect(server, 'ann', { carrier }), await connect(server, 'bob', { carrier })]
    await bob.subscribe(group)
    await ann.subscribe(group)
    await ann.lease()
    become(server, ann.socket, { id: 'ann', name: 'Ann', avatar: 'a.png' })
    server.online.reidentify(served(server, ann.socket))
    await ann.send('1')
    await bob.settled()
    expect(typistsOf(bob.of(TYPISTS))).toEqual([
      [{ id: 'ann', since }],
      [{ id: 'ann', name: 'Ann', avatar: 'a.png', since }],
    ])
    expect(bob.of(MESSAGE)).toEqual([[group, 'note', '1', { id: 'ann', name: 'Ann', avatar: 'a.png' }]])
    // The session goes on, the client notices nothing, and the subscription stays.
    expect([server.online.stats().leases, ann.received, identify.mock.calls.length]).toEqual([1, [], 3])
    await bob.send('2')
    await ann.settled()
    expect(ann.of(MESSAGE)).toEqual([[group, 'note', '2', { id: 'bob' }]])
  })

  test('I1: a guest who signs in on the open connection is told to say hello, and can do everything then', async () => {
    const { server } = await start()
    const [ann, bob] = [await connect(server, 'guest', { carrier }), await connect(server, 'bob', { carrier })]
    await bob.subscribe(group)
    expect(await ann.hello()).toEqual(notIdentified)
    become(server, ann.socket, { id: 'ann' })
    server.online.reidentify(served(server, ann.socket))
    await ann.settled()
    expect(ann.received).toEqual([[IDENTITY, expect.any(Number)]])
    expect(await ann.hello()).toMatchObject({ ok: true })
    await ann.subscribe(group)
    expect(await ann.send('1')).toEqual({ ok: true })
    await bob.send('2')
    await bob.settled()
    await ann.settled()
    expect([bob.of(MESSAGE).length, ann.of(MESSAGE).length]).toEqual([1, 1])
    expect(server.online.stats().connections).toBe(2)
  })

  test('I1: a logout ends subscriptions and leases at once, and everything is refused then', async () => {
    const { server } = await start()
    const [ann, bob] = [await connect(server, 'ann', { carrier }), await connect(server, 'bob', { carrier })]
    await bob.subscribe(group)
    await ann.subscribe(group, { user: 'bob' })
    await ann.lease()
    become(server, ann.socket, null)
    server.online.reidentify('ann')
    await bob.settled()
    expect(typistsOf(bob.of(TYPISTS))).toEqual([[{ id: 'ann', since }], []])
    const { connections, subscriptions, leases } = server.online.stats()
    expect({ connections, subscriptions, leases }).toEqual({ connections: 1, subscriptions: 1, leases: 0 })
    await bob.send('1')
    await bob.send('2', { user: 'ann' })
    await ann.settled()
    expect(ann.received).toEqual([[IDENTITY, expect.any(Number)]])
    expect(await ann.hello()).toEqual(notIdentified)
    expect(await ann.send('3')).toEqual(notIdentified)
  })
})

test('I1: reidentify of a user changes all devices of this user, and no others', async () => {
  const { server, identify } = await start()
  const [phone, laptop, bob] = [
    await connect(server, 'ann'),
    await connect(server, 'ann'),
    await connect(server, 'bob'),
  ]
  await bob.subscribe(group)
  await phone.lease()
  await laptop.lease()
  const renamed = { id: 'ann', name: 'Ann' }
  become(server, phone.socket, renamed)
  become(server, laptop.socket, renamed)
  const before = identify.mock.calls.length
  server.online.reidentify('ann')
  await bob.settled()
  expect(identify.mock.calls.slice(before).map(([{ id }]) => id)).toEqual([phone.socket.id, laptop.socket.id])
  const shownNames = () => (typistsOf(bob.of(TYPISTS)).flat() as User[]).map(({ name }) => name)
  expect([...new Set(shownNames())]).toEqual([undefined, 'Ann'])
  // What is left when one of the two stops has the new name, too.
  await laptop.lease(0)
  await phone.lease(0)
  await bob.settled()
  expect([shownNames().at(-1), [...new Set(shownNames())]]).toEqual(['Ann', [undefined, 'Ann']])
})

test('I1: of two devices one may become another user, and the other one types on', async () => {
  const { server } = await start()
  const [phone, laptop, bob] = [
    await connect(server, 'ann'),
    await connect(server, 'ann'),
    await connect(server, 'bob'),
  ]
  await bob.subscribe(group)
  await phone.lease()
  await laptop.lease()
  become(server, phone.socket, { id: 'cy' })
  server.online.reidentify(served(server, phone.socket))
  await phone.hello()
  await phone.lease()
  await bob.settled()
  expect((typistsOf(bob.of(TYPISTS)).at(-1) as User[]).map(({ id }) => id)).toEqual(['ann', 'cy'])
  await laptop.lease(0)
  await bob.settled()
  expect((typistsOf(bob.of(TYPISTS)).at(-1) as User[]).map(({ id }) => id)).toEqual(['cy'])
})

test('I1: a name or a picture that is taken away goes from the screens, too', async () => {
  const { server } = await start()
  const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
  await bob.subscribe(group)
  become(server, ann.socket, { id: 'ann', name: 'Ann', avatar: 'a.png' })
  server.online.reidentify('ann')
  await ann.lease()
  become(server, ann.socket, { id: 'ann', name: 'Ann' })
  server.online.reidentify('ann')
  become(server, ann.socket, { id: 'ann' })
  server.online.reidentify('ann')
  await ann.send('1')
  await bob.settled()
  expect(typistsOf(bob.of(TYPISTS))).toEqual([
    [{ id: 'ann', name: 'Ann', avatar: 'a.png', since }],
    [{ id: 'ann', name: 'Ann', since }],
    [{ id: 'ann', since }],
  ])
  expect(bob.of(MESSAGE)[0]!.at(-1)).toEqual({ id: 'ann' })
})

test('I1: without a change nothing is sent', async () => {
  const { server } = await start()
  const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
  const guest = await connect(server, 'guest')
  await bob.subscribe(group)
  await ann.lease()
  server.online.reidentify('ann')
  server.online.reidentify(served(server, guest.socket))
  for (const { settled } of [ann, bob, guest]) await settled()
  expect([ann.received, bob.received.length, guest.received]).toEqual([[], 1, []])
})

test('T3: what was sent in the name of one user is never done in the name of another: until the hello it is refused', async () => {
  const { server } = await start()
  const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
  await bob.subscribe(group)
  become(server, ann.socket, { id: 'cy' })
  server.online.reidentify(served(server, ann.socket))
  // These were written before the client can know of it.
  expect(await ann.send('of Ann')).toEqual(identityChanged)
  await ann.lease()
  await ann.lease(0)
  await ann.subscribe(group)
  expect(server.online.stats()).toMatchObject({ subscriptions: 1, leases: 0 })
  await ann.hello()
  expect(await ann.send('of Cy')).toEqual({ ok: true })
  await bob.settled()
  expect(bob.of(MESSAGE)).toEqual([[group, 'note', 'of Cy', { id: 'cy' }]])
  // What was ignored is not refused later.
  expect(ann.of(REFUSED)).toEqual([])
})

test('T3: a message that waits for permission is sent in the name of the user who wrote it, and one behind it is refused', async () => {
  const answers: ((yes: boolean) => void)[] = []
  const { server } = await start({
    authorize: ({ action }) => action === 'subscribe' || new Promise((resolve) => answers.push(resolve)),
  })
  const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
  await bob.subscribe(group)
  const results = [ann.send('first'), ann.send('second')]
  await until(() => answers.length === 1)
  become(server, ann.socket, { id: 'cy' })
  server.online.reidentify(served(server, ann.socket))
  await ann.hello()
  answers[0]!(true)
  expect(await Promise.all(results)).toEqual([{ ok: true }, identityChanged])
  await bob.settled()
  expect(bob.of(MESSAGE)).toEqual([[group, 'note', 'first', { id: 'ann' }]])
})

describe('a hello on a connection that was rejected', () => {
  test('I1: asks identify again, at most once a second', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const { server, identify } = await start()
    const guest = await connect(server, 'guest')
    for (let n = 0; n < 5; n++) expect(await guest.hello()).toEqual(notIdentified)
    expect(identify).toHaveBeenCalledTimes(1)
    vi.advanceTimersByTime(1001)
    for (let n = 0; n < 5; n++) expect(await guest.hello()).toEqual(notIdentified)
    expect(identify).toHaveBeenCalledTimes(2)
    become(server, guest.socket, { id: 'ann' })
    vi.advanceTimersByTime(1001)
    expect(await guest.hello()).toMatchObject({ ok: true })
    // The answer says it: no event has to.
    await guest.settled()
    expect([guest.received, server.online.stats().connections]).toEqual([[], 1])
  })

  test('I1: waits for an identify that thinks, however long, and causes no second call', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    const answers: ((user: string | null) => void)[] = []
    const { server } = await start({ identify: () => new Promise((resolve) => answers.push(resolve)) })
    const guest = await connect(server, 'guest')
    const first = guest.hello()
    await until(() => answers.length === 1)
    answers[0]!(null)
    expect(await first).toEqual(notIdentified)
    vi.advanceTimersByTime(1001)
    const hellos = [guest.hello(), guest.hello()]
    await until(() => answers.length === 2)
    vi.advanceTimersByTime(5000)
    hellos.push(guest.hello())
    await guest.settled()
    expect(answers).toHaveLength(2)
    answers[1]!('ann')
    for (const hello of hellos) expect(await hello).toMatchObject({ ok: true })
  })
})

describe('identify', () => {
  test('I1: that throws when it is asked again leaves the connection without a user; the next hello heals it', async () => {
    vi.useFakeTimers({ toFake: ['performance'] })
    let isDown = false
    const { server } = await start({
      identify(socket) {
        if (isDown) throw new Error('no database')
        return (socket.handshake.auth as { user: string }).user
      },
    })
    const ann = await connect(server, 'ann')
    await ann.subscribe(group)
    isDown = true
    server.online.reidentify('ann')
    await ann.settled()
    expect(ann.received).toEqual([[IDENTITY, expect.any(Number)]])
    expect(await ann.hello()).toMatchObject({ ok: false, code: 'forbidden' })
    expect([server.online.stats().subscriptions, complaints.mock.calls.length]).toEqual([0, 1])
    isDown = false
    vi.advanceTimersByTime(1001)
    expect(await ann.hello()).toMatchObject({ ok: true })
  })

  test('I1: that still thinks when reidentify is called is asked again, and only the latest answer counts', async () => {
    const answers: ((user: string | null) => void)[] = []
    const { server } = await start({ identify: () => new Promise((resolve) => answers.push(resolve)) })
    const ann = await connect(server, 'ann')
    const hello = ann.hello()
    await until(() => answers.length === 1)
    server.online.reidentify(served(server, ann.socket))
    expect(answers).toHaveLength(2)
    answers[0]!('stale')
    await ann.settled()
    expect(server.online.stats().connections).toBe(0)
    answers[1]!('ann')
    expect(await hello).toMatchObject({ ok: true })
    server.online.reidentify('stale')
    expect(answers).toHaveLength(2)
    server.online.reidentify('ann')
    expect(answers).toHaveLength(3)
    // The newer answer comes first, and the older one is of no account.
    server.online.reidentify('ann')
    answers[3]!('ann')
    await ann.settled()
    answers[2]!('stale')
    await ann.settled()
    expect(await ann.send('1')).toEqual({ ok: true })
    expect(ann.received).toEqual([])
  })

  test('I1, T6: that never answers holds nothing up once it was asked again and has answered', async () => {
    const answers: (() => void)[] = []
    const { server } = await start({
      identify(socket) {
        const { user } = socket.handshake.auth as { user: string }
        if (user === 'bob') return user
        return new Promise((resolve) => answers.push(() => resolve(user)))
      },
    })
    const bob = await server.connect('bob')
    const received = await bob.hear(group)
    const ann = await server.raw('ann')
    const results: unknown[] = []
    const now = Date.now()
    ann.emit(HELLO, PROTOCOL_VERSION, (welcome: { ok: boolean }) => results.push(welcome.ok))
    for (const data of ['1', '2']) ann.emit(SEND, now, 'note', data, group)
    await until(() => answers.length === 1)
    await roundTrip(ann)
    expect([results, received]).toEqual([[], []])

    // Twice: also of two later answers, the latest one counts.
    server.online.reidentify(served(server, ann))
    server.online.reidentify(served(server, ann))
    answers[1]!()
    await roundTrip(ann)
    expect(results).toEqual([])
    answers[2]!()
    await until(() => received.length === 2)
    expect(results).toEqual([true])
    ann.emit(SEND, Date.now(), 'note', '3', group)
    await until(() => received.length === 3)
    expect(received.map(({ data }) => data)).toEqual([1, 2, 3])
    // The first one answers after all: nothing changes.
    answers[0]!()
    await roundTrip(ann)
    expect(server.online.stats().connections).toBe(2)
  })

  test('I1: that still thinks when its user is reidentified is asked again', async () => {
    const answers: ((user: User | null) => void)[] = []
    const { server } = await start({
      identify: (socket) =>
        (socket.handshake.auth as { user: string }).user === 'bob'
          ? 'bob'
          : new Promise((resolve) => answers.push(resolve)),
    })
    const [ann, bob] = [await connect(server, 'ann'), await connect(server, 'bob')]
    await bob.subscribe(group)
    const sent = ann.send('1')
    await until(() => answers.length === 1)
    server.online.reidentify('ann')
    answers[0]!({ id: 'ann', name: 'Old' })
    await until(() => answers.length === 2)
    answers[1]!({ id: 'ann', name: 'New' })
    await sent
    await bob.settled()
    expect(bob.of(MESSAGE)[0]!.at(-1)).toEqual({ id: 'ann', name: 'New' })
  })

  test('I1: while it thinks again, the connection stays what it was', async () => {
    let again: ((user: string | null) => void) | undefined
    const { server } = await start({
      identify: (socket) =>
        again === undefined
          ? (socket.handshake.auth as { user: string }).user
          : new Promise((resolve) => (again = resolve)),
    })
    const ann = await connect(server, 'ann')
    again = () => {}
    server.online.reidentify('ann')
    expect(await ann.send('1')).toEqual({ ok: true })
    again(null)
    await ann.settled()
    expect(await ann.send('2')).toEqual(notIdentified)
  })

  test('that answers after the connection has ended leaves nothing', async () => {
    let again: ((user: string | null) => void) | undefined
    const { server } = await start({
      identify: (socket) =>
        again === undefined
          ? (socket.handshake.auth as { user: string }).user
          : new Promise((resolve) => (again = resolve)),
    })
    const ann = await connect(server, 'ann')
    const socket = served(server, ann.socket)
    again = () => {}
    server.online.reidentify('ann')
    ann.socket.disconnect()
    await until(() => server.online.stats().connections === 0)
    again('cy')
    await new Promise(setImmediate)
    expect(server.online.stats().connections).toBe(0)
    server.online.reidentify(socket)
    server.online.reidentify('ann')
    server.online.close()
    server.online.reidentify('ann')
  })
})

test('reidentify says what it was given, and what to give', async () => {
  const { server } = await start()
  const other = server.io.of('/other')
  const reidentify = (target: unknown) => () => server.online.reidentify(target as string)
  expect(reidentify(5)).toThrow('reidentify() was given an id that is a number (5). Ids are strings: give String(id).')
  expect(reidentify(5n)).toThrow('a bigint (5)')
  expect(reidentify(new Map())).toThrow('reidentify() was given an id that is a Map. Ids are strings: give String(id).')
  expect(reidentify(undefined)).toThrow('reidentify() was given no id.')
  expect(reidentify('')).toThrow('reidentify() was given an empty id.')
  for (const target of [{ id: 'ann' }, { id: 'x', nsp: other }]) {
    expect(reidentify(target)).toThrow(
      'reidentify() was given an object that is not a socket of the namespace / on this node. Give such a socket, or the id of a user. (react-online-message: invalid-socket)',
    )
  }
})

test('a bot keeps its user, and reidentify says so', async () => {
  const { server, identify } = await start()
  const bot = server.online.createBot({ id: 'robot', name: 'Robot' })
  const ann = await connect(server, 'ann')
  await ann.subscribe(group)
  server.online.reidentify('robot')
  expect(String(warnings.mock.calls[0]![0])).toBe(
    'reidentify() changes no bot, and "robot" is one. Create another bot with the new name. (react-online-message: bot-not-reidentified)',
  )
  await bot.send({ conversation: group, command: 'note', data: 1 })
  await ann.settled()
  expect(ann.of(MESSAGE)[0]!.at(-1)).toEqual({ id: 'robot', name: 'Robot' })
  expect(identify).toHaveBeenCalledTimes(1)
})

import type { Socket } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
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
} from '../../../src/core/transport/wire.ts'
import type { FrameMaker } from '../../../src/server/connections/frame.ts'
import { createConnections } from '../../../src/server/connections/connections.ts'
import { createEvent } from '../../../src/server/event.ts'
import { readOptions } from '../../../src/server/options.ts'
import type { Reidentification } from '../../../src/server/reidentification.ts'
import { createCounters } from '../../../src/server/stats.ts'
import {
  connectFake,
  type FakeConnection,
  type FakeServer,
  startFakeServer,
} from '../../support/server/fake-sockets.ts'
import { createSlowAuthorize, createTestHub } from '../../support/server/hub.ts'
import { startLog } from '../../support/server/log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const OK = { ok: true }
const forbidden: unknown = expect.objectContaining({ code: 'forbidden' })
const since: unknown = expect.any(Number)

const turn = () => vi.advanceTimersByTimeAsync(0)
const send = (connection: FakeConnection, data = '1', conversation: object = group) =>
  connection.ask(SEND, Date.now(), 'note', data, conversation)
const lease = (connection: FakeConnection) => connection.ask(LEASE, Date.now(), 60_000, 'typing', group)
const subscribe = (connection: FakeConnection) => connection.emit(SUBSCRIBE, [group])

/** The user of a connection signs in or out, or changes their name. */
function become({ online }: FakeServer, { socket }: FakeConnection, user: unknown) {
  Object.assign(socket.data as object, { user })
  online.reidentify(socket)
}

describe('a connection', () => {
  test('G1: has neither a device nor listeners of ours after its disconnect, and its typing ends at once', () => {
    const { connect, online } = startFakeServer()
    const [ann, bob] = [connect('ann'), connect('bob')]
    for (const connection of [ann, bob]) subscribe(connection)
    lease(ann)
    ann.disconnect()
    expect(ann.socket.eventNames()).toEqual([])
    expect(online.stats()).toMatchObject({ connections: 1, subscriptions: 1, leases: 0 })
    expect(bob.take()).toEqual([
      [TYPISTS, group, 1, [{ id: 'ann', since }]],
      [TYPISTS, group, 0, []],
    ])
    send(bob)
    expect([ann.take(), online.stats().dropped.offline]).toEqual([[], 1])
  })

  test('without a user leaves nothing after its disconnect, either', () => {
    const { connect, online } = startFakeServer()
    const stranger = connect(null)
    stranger.disconnect()
    expect([stranger.socket.eventNames(), online.stats().connections]).toEqual([[], 0])
  })

  test('keeps the app’s own listeners', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    const ofTheApp = vi.fn()
    ann.socket.on('disconnect', ofTheApp)
    ann.socket.on(SEND, ofTheApp)
    online.close()
    expect(ann.socket.eventNames().sort()).toEqual(['disconnect', SEND])
    ann.disconnect()
    expect(ofTheApp).toHaveBeenCalledTimes(1)
  })

  test('whose disconnect makes the app close the plug-in is removed once', () => {
    const { io, connect, online } = startFakeServer()
    io.of('/').prependListener('connection', (socket: Socket) => {
      socket.on('disconnect', () => online.close())
    })
    const ann = connect('ann')
    expect(() => ann.disconnect()).not.toThrow()
    expect(online.stats().connections).toBe(0)
  })

  test('an event that arrives within the call that closes the plug-in is ignored', () => {
    const { io, connect, online } = startFakeServer()
    io.of('/').prependListener('connection', (socket: Socket) => {
      socket.on(SEND, () => online.close())
    })
    const ann = connect('ann')
    expect([send(ann), online.stats().messagesIn]).toEqual([[], 0])
  })
})

describe('an answer', () => {
  test('goes to the last argument, if that is a function, and what is before it is the event', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    expect(send(ann)).toEqual([OK])
    ann.emit(SEND, Date.now(), 'note', '1', group)
    ann.emit(SEND)
    expect(online.stats()).toMatchObject({ messagesIn: 2, dropped: { invalid: 1 } })
    // The function is none of the arguments: a list that is missing is invalid, and so is a conversation.
    expect(ann.ask(LEASE, Date.now(), 60_000, 'typing')).toEqual([expect.objectContaining({ code: 'invalid' })])
    expect(ann.ask(SUBSCRIBE)).toEqual([expect.objectContaining({ code: 'invalid' })])
  })

  test('is not given to a client that does not read, and its messages still arrive', () => {
    const { connect } = startFakeServer()
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob)
    ann.stopReading(2000)
    expect(send(ann)).toEqual([OK])
    ann.stopReading(1)
    expect(send(ann)).toEqual([])
    expect(bob.take()).toHaveLength(2)
  })
})

describe('G1: a reader that is too slow', () => {
  test('does not get what has expired, which is counted and logged with the user and the conversation', () => {
    const { connect, online } = startFakeServer()
    const lines = startLog('connections')
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob)
    bob.stopReading()
    send(ann)
    vi.advanceTimersByTime(2001)
    expect([bob.waiting.length, lines]).toEqual([1, []])
    send(ann)
    expect(bob.waiting).toHaveLength(1)
    expect(online.stats().dropped['slow-reader']).toBe(1)
    expect(lines).toEqual([expect.stringContaining('message dropped (slow-reader): user "bob" in {"group":"team"}')])
  })

  test('and has signed out meanwhile is logged without a user', () => {
    const server = startFakeServer()
    const lines = startLog('connections')
    const [ann, bob] = [server.connect('ann'), server.connect('bob')]
    subscribe(bob)
    bob.stopReading()
    send(ann)
    vi.advanceTimersByTime(2001)
    become(server, bob, null)
    expect(lines).toEqual([
      expect.stringContaining('message dropped (slow-reader): a connection without a user in {"group":"team"}'),
    ])
  })

  test('and whose connection has ended meanwhile is logged without a user', async () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect, online } = startFakeServer({
      authorize: (request) => request.conversation.group === 'team' || authorize(request),
    })
    const lines = startLog('connections')
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob)
    bob.stopReading()
    send(ann)
    bob.emit(SUBSCRIBE, [{ group: 'board' }])
    vi.advanceTimersByTime(2001)
    online.close()
    questions[0]!.answer(false)
    await turn()
    expect(lines.filter((line) => !line.includes('a connection without a user in {"group":"team"}'))).toEqual([])
  })
})

describe('I1: identify is asked again', () => {
  test('the same user with a new name keeps subscriptions and typing, and others see the name', () => {
    const server = startFakeServer()
    const [ann, bob] = [server.connect('ann'), server.connect('bob')]
    for (const connection of [ann, bob]) subscribe(connection)
    lease(ann)
    bob.take()
    become(server, ann, { id: 'ann', name: 'Ann' })
    expect(bob.take()).toEqual([[TYPISTS, group, 1, [{ id: 'ann', name: 'Ann', since }]]])
    expect([ann.take(), server.online.stats().subscriptions]).toEqual([[], 2])
    // Nothing has to be said again.
    expect(send(ann)).toEqual([OK])
  })

  test('another user has none of the subscriptions and leases of the one before, and the client learns it', () => {
    const server = startFakeServer()
    const [ann, bob] = [server.connect('ann'), server.connect('bob')]
    for (const connection of [ann, bob]) subscribe(connection)
    lease(ann)
    bob.take()
    become(server, ann, 'cy')
    expect(server.online.stats()).toMatchObject({ connections: 2, subscriptions: 1, leases: 0 })
    expect([ann.take(), bob.take()]).toEqual([[[IDENTITY]], [[TYPISTS, group, 0, []]]])
    send(bob)
    expect(ann.take()).toEqual([])
    ann.ask(HELLO, PROTOCOL_VERSION)
    send(ann)
    expect(bob.take()).toEqual([[MESSAGE, group, 'note', '1', { id: 'cy' }]])
  })

  test('nobody any more: the client learns it, and is refused because it has no user', () => {
    const server = startFakeServer()
    const ann = server.connect('ann')
    subscribe(ann)
    become(server, ann, null)
    expect([ann.take(), server.online.stats()]).toEqual([
      [[IDENTITY]],
      expect.objectContaining({ connections: 0, subscriptions: 0 }),
    ])
    // Not because it has another user.
    const notIdentified = expect.stringContaining('identify returned no user') as string
    expect(send(ann)).toEqual([expect.objectContaining({ code: 'forbidden', message: notIdentified })])
    become(server, ann, 'ann')
    ann.ask(HELLO, PROTOCOL_VERSION)
    expect(send(ann)).toEqual([OK])
  })

  test('somebody in place of nobody: the client learns it; nobody in place of nobody: it does not', () => {
    const server = startFakeServer()
    const guest = server.connect(null)
    become(server, guest, null)
    expect(guest.take()).toEqual([])
    become(server, guest, 'ann')
    expect([guest.take(), server.online.stats().connections]).toEqual([[[IDENTITY]], 1])
  })

  test('about all connections of a user, and of no other one', () => {
    const { connect, online } = startFakeServer()
    const [phone, laptop, bob] = [connect('ann'), connect('ann'), connect('bob')]
    for (const { socket } of [phone, laptop, bob]) Object.assign(socket.data as object, { user: 'cy' })
    online.createBot('ann')
    const warn = vi.spyOn(console, 'warn').mockReturnValue(undefined)
    online.reidentify('ann')
    warn.mockRestore()
    expect([phone.take(), laptop.take(), bob.take()]).toEqual([[[IDENTITY]], [[IDENTITY]], []])
  })

  test('about no connection that has ended', () => {
    const identify = vi.fn(() => 'ann')
    const { connect, online } = startFakeServer({ identify })
    const ann = connect('ann')
    ann.disconnect()
    online.reidentify(ann.socket)
    online.reidentify('ann')
    expect(identify).toHaveBeenCalledTimes(1)
  })

  test('an answer after the connection has ended changes nothing', async () => {
    const answers: ((user: string | null) => void)[] = []
    const { connect, online } = startFakeServer({ identify: () => new Promise((resolve) => answers.push(resolve)) })
    const [ann, bob] = [connect('ann'), connect('bob')]
    answers[1]!('bob')
    await turn()
    online.reidentify(bob.socket)
    for (const { disconnect } of [ann, bob]) disconnect()
    answers[0]!('ann')
    answers[2]!('cy')
    await turn()
    expect([online.stats().connections, ann.take(), bob.take()]).toEqual([0, [], []])
  })

  test('by another node: about the connections that were identified before that, and not about later ones', () => {
    const reidentification = createEvent<Reidentification>()
    const { hub } = createTestHub()
    const identify = vi.fn(() => 'ann')
    const makeFrame: FrameMaker = (at, args, replaces) => ({ at, args, replaces, encoded: () => [] })
    const connections = createConnections({
      settings: readOptions({ identify, authorize: 'anyone' }),
      hub: { ...hub, onReidentify: reidentification.on },
      makeFrame,
      counters: createCounters(),
    })
    const { io } = startFakeServer()
    io.of('/').removeAllListeners('connection')
    io.of('/').on('connection', (socket) => connections.serve(socket))
    const times = [0, 1000, 2000].map(() => {
      vi.advanceTimersByTime(1000)
      connectFake(io, 'ann')
      return performance.timeOrigin + performance.now()
    })
    const asked = () => identify.mock.calls.splice(0).length
    asked()
    reidentification.emit({ user: 'ann', before: times[1]! })
    expect(asked()).toBe(2)
    // Those were identified again just now.
    reidentification.emit({ user: 'ann', before: times[1]! })
    expect(asked()).toBe(0)
    reidentification.emit({ user: 'bob', before: Infinity })
    expect(asked()).toBe(0)
  })
})

test('a refusal that comes after the disconnect is written nowhere', async () => {
  const { authorize, questions } = createSlowAuthorize()
  const { connect } = startFakeServer({ authorize })
  const [ann, bob] = [connect('ann'), connect('bob')]
  for (const connection of [ann, bob]) subscribe(connection)
  ann.disconnect()
  for (const { answer } of questions) answer(false)
  await turn()
  expect([ann.take(), bob.take()]).toEqual([[], [[REFUSED, group, forbidden]]])
})

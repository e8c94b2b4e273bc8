import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  ACTIVE,
  HELLO,
  LEASE,
  MESSAGE,
  PROTOCOL_VERSION,
  REFUSED,
  SEND,
  SUBSCRIBE,
} from '../../../src/core/transport/wire.ts'
import { connectionTooFast, identityChanged, MAX_LIST } from '../../../src/server/refusals.ts'
import { type FakeConnection, startFakeServer } from '../../support/server/fake-sockets.ts'
import { createSlowAuthorize } from '../../support/server/hub.ts'
import { startLog } from '../../support/server/log.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const board = { group: 'board' }
const OK = { ok: true }
const rejected: unknown = expect.objectContaining({
  code: 'forbidden',
  message: expect.stringContaining('identify returned no user') as string,
})
const forbidden: unknown = expect.objectContaining({ code: 'forbidden' })
const invalid: unknown = expect.objectContaining({ code: 'invalid' })

/** The promises that are settled already go on. */
const turn = () => vi.advanceTimersByTimeAsync(0)

const send = (connection: FakeConnection, data = '1', priority?: string) =>
  connection.ask(SEND, Date.now(), 'note', data, group, priority)
const lease = (connection: FakeConnection, ttl = 60_000) => connection.ask(LEASE, Date.now(), ttl, 'typing', group)
const subscribe = (connection: FakeConnection, ...conversations: object[]) => connection.ask(SUBSCRIBE, conversations)
const unsubscribe = (connection: FakeConnection, ...conversations: object[]) =>
  connection.ask(SUBSCRIBE, conversations, false)

/** The server of one connection whose user has changed, and which has not said hello since. */
function startAsAnother(options: Parameters<typeof startFakeServer>[0] = {}) {
  const server = startFakeServer(options)
  const [ann, bob] = [server.connect('ann'), server.connect('bob')]
  Object.assign(ann.socket.data as object, { user: 'cy' })
  server.online.reidentify(ann.socket)
  ann.take()
  return { ...server, ann, bob }
}

/** A connection about whose user `identify` thinks, until the test answers. */
function startUnknown() {
  let answer: (user: string | null) => void = () => {}
  const server = startFakeServer({
    identify: () => new Promise((resolve) => (answer = resolve)),
    rateLimits: { perConnection: 10_000 },
  })
  const ann = server.connect('ann')
  return {
    ...server,
    ann,
    becomes(user: string | null) {
      answer(user)
      return turn()
    },
  }
}

describe('a hello', () => {
  test('is answered with what the client needs to know, once', () => {
    const { connect } = startFakeServer({ maxAge: 1500, maxBytes: 100 })
    const time = Math.round(performance.timeOrigin + performance.now())
    const welcome = { ok: true, version: PROTOCOL_VERSION, time, maxAge: 1500, maxBytes: 100, tellActive: false }
    expect(connect('ann').ask(HELLO, PROTOCOL_VERSION)).toEqual([welcome])
  })

  test.each([0, 2, '1', undefined, null, [1]])('with the version %s is refused, counted and logged', (version) => {
    const { connect, online } = startFakeServer()
    const lines = startLog('connections')
    expect(connect('ann').ask(HELLO, version)).toEqual([invalid])
    expect(online.stats().dropped.invalid).toBe(1)
    expect(lines).toEqual([expect.stringContaining('packet refused (invalid): user "ann"')])
  })

  test('of a connection without a user is refused, counted and logged', () => {
    const { connect, online } = startFakeServer()
    const lines = startLog('connections')
    expect(connect(null).ask(HELLO, PROTOCOL_VERSION)).toEqual([rejected])
    expect(online.stats().dropped.forbidden).toBe(1)
    expect(lines).toEqual([expect.stringContaining('packet refused (forbidden): a connection without a user')])
  })

  test('overtakes a message that waits for permission', () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect } = startFakeServer({ authorize })
    const ann = connect('ann')
    expect([send(ann), questions.length]).toEqual([[], 1])
    expect(ann.ask(HELLO, PROTOCOL_VERSION)).toHaveLength(1)
  })

  test('T3: lets the client send in the name of its new user; one with another version does not', () => {
    const { ann } = startAsAnother()
    ann.ask(HELLO, 2)
    expect(send(ann)).toEqual([identityChanged])
    ann.ask(HELLO, PROTOCOL_VERSION)
    expect(send(ann)).toEqual([OK])
  })
})

describe('a message', () => {
  test('that is invalid is refused once, and counted and logged without a conversation', () => {
    const authorize = vi.fn(() => true)
    const { connect, online } = startFakeServer({ authorize })
    const lines = startLog('connections')
    expect(connect('ann').ask(SEND, 'now', 'note', '1', group)).toEqual([
      expect.objectContaining({ message: expect.stringContaining('The time is invalid') as string }),
    ])
    expect(authorize).not.toHaveBeenCalled()
    expect(online.stats()).toMatchObject({ messagesIn: 0, dropped: { invalid: 1 } })
    expect(lines).toEqual([expect.stringMatching(/packet refused \(invalid\): user "ann"(?! in)/)])
  })

  test('T3: of a user who has changed is refused once, logged with its conversation, and reaches nobody', () => {
    const { ann, bob, online } = startAsAnother()
    const lines = startLog('connections')
    subscribe(bob, group)
    expect(send(ann)).toEqual([identityChanged])
    expect([bob.take(), online.stats().messagesIn]).toEqual([[], 0])
    expect(lines).toEqual([expect.stringContaining('packet refused (forbidden): user "cy" in {"group":"team"}')])
  })

  test('above the rate is refused once and reaches nobody, low priority first', () => {
    const { connect, online } = startFakeServer({ rateLimits: { perConnection: 5 } })
    const lines = startLog('connections')
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob, group)
    // Ten at once: half of them may be low, eight in ten normal.
    const answersOf = (priority: string, count: number) =>
      Array.from({ length: count }, () => send(ann, '1', priority)).flat()
    const tooFast = connectionTooFast
    expect(answersOf('low', 6)).toEqual([OK, OK, OK, OK, OK, tooFast])
    expect(answersOf('normal', 4)).toEqual([OK, OK, OK, tooFast])
    expect(answersOf('high', 3)).toEqual([OK, OK, tooFast])
    expect(bob.take()).toHaveLength(10)
    expect(online.stats().dropped['rate-limited']).toBe(3)
    expect(lines.at(-1)).toContain('packet refused (rate-limited): user "ann" in {"group":"team"}')
    vi.advanceTimersByTime(200)
    expect(answersOf('high', 2)).toEqual([OK, tooFast])
  })

  test('T6: waits for the one before it, and a denied one does not keep the next', async () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect } = startFakeServer({
      authorize: (request) => request.action === 'subscribe' || authorize(request),
    })
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob, group)
    const answers = [send(ann, '1'), send(ann, '2')]
    expect(questions).toHaveLength(1)
    questions[0]!.answer(false)
    await turn()
    expect([answers, questions.length]).toEqual([[[forbidden], []], 2])
    questions[1]!.answer(true)
    await turn()
    expect(answers[1]).toEqual([OK])
    expect(bob.take()).toEqual([[MESSAGE, group, 'note', '2', { id: 'ann' }]])
  })

  test('of a connection without a user is refused, and logged with its conversation', () => {
    const { connect } = startFakeServer()
    const lines = startLog('connections')
    expect(send(connect(null))).toEqual([rejected])
    expect(lines).toEqual([
      expect.stringContaining('packet refused (forbidden): a connection without a user in {"group":"team"}'),
    ])
  })

  test('waits until identify has answered, and is refused if there is no user', async () => {
    const known = startUnknown()
    const answers = send(known.ann)
    expect(answers).toEqual([])
    await known.becomes('ann')
    expect(answers).toEqual([OK])

    const unknown = startUnknown()
    const refusals = send(unknown.ann)
    await unknown.becomes(null)
    expect(refusals).toEqual([rejected])
  })

  test('of a connection that ends before identify has answered is not answered', async () => {
    const { ann, becomes, online } = startUnknown()
    const answers = send(ann)
    ann.disconnect()
    await becomes('ann')
    expect([answers, online.stats().messagesIn]).toEqual([[], 0])
  })

  test('is refused when a thousand wait already', () => {
    const { ann } = startUnknown()
    const answers = Array.from({ length: 1000 }, () => send(ann)).flat()
    expect([answers, send(ann)]).toEqual([[], [connectionTooFast]])
  })

  test('T3: that waits for permission behind another user’s is refused, and sent in nobody’s name', async () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect, online } = startFakeServer({
      authorize: (request) => request.action === 'subscribe' || authorize(request),
    })
    const [ann, bob] = [connect('ann'), connect('bob')]
    subscribe(bob, group)
    const [first, second] = [send(ann, '1'), send(ann, '2')]
    Object.assign(ann.socket.data as object, { user: 'cy' })
    online.reidentify(ann.socket)
    ann.ask(HELLO, PROTOCOL_VERSION)
    const third = send(ann, '3')
    questions[0]!.answer(true)
    await turn()
    questions[1]!.answer(true)
    await turn()
    expect([first, second, third]).toEqual([[OK], [identityChanged], [OK]])
    expect(bob.take().map(([, , , data, from]) => [data, from])).toEqual([
      ['1', { id: 'ann' }],
      ['3', { id: 'cy' }],
    ])
  })
})

describe('a typing lease', () => {
  test('that is taken is not answered, and one that is denied is', () => {
    const { connect, online } = startFakeServer({ authorize: ({ user }) => user.id === 'ann' })
    expect([lease(connect('ann')), lease(connect('bob'))]).toEqual([[], [forbidden]])
    expect(online.stats().leases).toBe(1)
  })

  test('that is invalid is refused once, and counted', () => {
    const { connect, online } = startFakeServer()
    expect(lease(connect('ann'), -1)).toEqual([invalid])
    expect(online.stats()).toMatchObject({ leases: 0, dropped: { invalid: 1 } })
  })

  test('overtakes a message that waits for permission', () => {
    const { connect, online } = startFakeServer({
      authorize: ({ command }) => command !== 'note' || new Promise(() => {}),
    })
    const ann = connect('ann')
    expect([send(ann), lease(ann), online.stats().leases]).toEqual([[], [], 1])
  })

  test('T3: of a user who has changed is refused once and not taken, and its release is not answered', () => {
    const { ann, online } = startAsAnother()
    const lines = startLog('connections')
    expect([lease(ann), lease(ann, 0), online.stats().leases]).toEqual([[identityChanged], [], 0])
    expect(lines).toEqual([expect.stringContaining('packet refused (forbidden): user "cy" in {"group":"team"}')])
  })

  test('of a connection without a user is refused, and its release is not answered', () => {
    const { connect, online } = startFakeServer()
    const stranger = connect(null)
    expect([lease(stranger), lease(stranger, 0), online.stats().dropped.forbidden]).toEqual([[rejected], [], 1])
  })

  test('S4: is limited like a normal message, its release never is, and costs nothing', () => {
    const { connect, online } = startFakeServer({ rateLimits: { perConnection: 5 } })
    const ann = connect('ann')
    const answers = Array.from({ length: 9 }, () => {
      const answer = lease(ann)
      expect(lease(ann, 0)).toEqual([])
      return answer
    })
    // Of ten at once, eight may be normal.
    expect(answers.flat()).toEqual([connectionTooFast])
    expect([answers[8], online.stats().leases]).toEqual([[connectionTooFast], 0])
  })

  test('S4: its release overtakes it while authorize thinks', async () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect, online } = startFakeServer({ authorize })
    const ann = connect('ann')
    expect([lease(ann), lease(ann, 0)]).toEqual([[], []])
    questions[0]!.answer(true)
    await turn()
    expect(online.stats().leases).toBe(0)
  })
})

describe('"This device is in use"', () => {
  const direct = { user: 'bob' }
  const start = () => {
    const server = startFakeServer({ deliverTo: 'active-device' })
    const [phone, laptop, bob] = [server.connect('ann'), server.connect('ann'), server.connect('bob')]
    for (const device of [phone, laptop]) {
      vi.advanceTimersByTime(1)
      subscribe(device, direct)
    }
    const receivers = () => {
      bob.ask(SEND, Date.now(), 'note', '1', { user: 'ann' })
      return [phone, laptop].map((device) => device.take().filter(([event]) => event === MESSAGE).length)
    }
    return { ...server, phone, laptop, receivers }
  }

  test('G2: the device that was used last gets what is one-to-one', () => {
    const { phone, receivers } = start()
    expect(receivers()).toEqual([0, 1])
    vi.advanceTimersByTime(1)
    phone.emit(ACTIVE)
    expect(receivers()).toEqual([1, 0])
  })

  test('the welcome asks for it, and only if the server uses it', () => {
    const { connect } = start()
    expect(connect('ann').ask(HELLO, PROTOCOL_VERSION)).toEqual([expect.objectContaining({ tellActive: true })])
    const others = startFakeServer().connect('ann')
    expect(others.socket.listenerCount(ACTIVE)).toBe(0)
  })

  test('T3: means nothing until the new user of a connection has said hello', () => {
    const { connect, online, laptop, receivers } = start()
    const tablet = connect('cy')
    Object.assign(tablet.socket.data as object, { user: 'ann' })
    online.reidentify(tablet.socket)
    const use = (device: FakeConnection) => {
      vi.advanceTimersByTime(1)
      device.emit(ACTIVE)
    }
    use(laptop)
    use(tablet)
    tablet.ask(HELLO, PROTOCOL_VERSION)
    subscribe(tablet, direct)
    tablet.take()
    expect([receivers(), tablet.take()]).toEqual([[0, 1], []])
    use(tablet)
    expect([receivers(), tablet.take().length]).toEqual([[0, 0], 1])
  })

  test('of a connection without a user means nothing', () => {
    const { connect } = start()
    expect(() => connect(null).emit(ACTIVE)).not.toThrow()
  })
})

describe('a list of conversations', () => {
  test('is subscribed to without an answer, unless it is to be unsubscribed from', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    const count = () => online.stats().subscriptions
    expect([subscribe(ann, group, board), count()]).toEqual([[], 2])
    expect([unsubscribe(ann, board), count()]).toEqual([[], 1])
    // Only `false` unsubscribes.
    for (const on of [true, 0, null]) ann.emit(SUBSCRIBE, [group], on)
    expect([ann.take(), count()]).toEqual([[], 1])
  })

  test('with 10,000 conversations is served; with one more it is refused once, and nothing is done', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    subscribe(ann, group)
    const long = Array.from({ length: MAX_LIST }, () => group)
    expect([unsubscribe(ann, ...long), online.stats().subscriptions]).toEqual([[], 0])
    subscribe(ann, group)
    expect(unsubscribe(ann, ...long, group)).toEqual([
      {
        ok: false,
        code: 'invalid',
        message: 'The list has 10001 conversations. Give at most 10000 in one list.',
      },
    ])
    expect(online.stats()).toMatchObject({ subscriptions: 1, dropped: { invalid: 1 } })
  })

  test('with invalid ones: one answer says so, each is counted, and the others are served', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    const answers = ann.ask(SUBSCRIBE, [{}, group, 5, board])
    expect(answers).toEqual([invalid, invalid])
    expect(online.stats()).toMatchObject({ subscriptions: 2, dropped: { invalid: 2 } })
    expect([ann.ask(SUBSCRIBE, group), ann.ask(SUBSCRIBE, [{}], false)]).toEqual([[invalid], [invalid]])
  })

  test('T3: of a user who has changed is ignored', () => {
    const { ann, online } = startAsAnother()
    expect([subscribe(ann, group), ann.ask(SUBSCRIBE, 'nonsense'), ann.take()]).toEqual([[], [], []])
    expect(online.stats().subscriptions).toBe(0)
  })

  test('that is denied is refused one by one, each by an event', () => {
    const { connect, online } = startFakeServer({ authorize: ({ conversation }) => conversation.group !== 'board' })
    const ann = connect('ann')
    expect(subscribe(ann, board, group)).toEqual([])
    expect(ann.take()).toEqual([[REFUSED, board, forbidden]])
    // Counted once, by who has refused it.
    expect(online.stats()).toMatchObject({ subscriptions: 1, dropped: { forbidden: 1 } })
  })

  test('T6: with permission at once, a message after it is answered within the call', () => {
    const { connect } = startFakeServer()
    const ann = connect('ann')
    subscribe(ann, group)
    expect(send(ann)).toEqual([OK])
  })

  test('T6: a message after it waits until authorize has answered about all of it', async () => {
    const { authorize, questions } = createSlowAuthorize()
    const { connect } = startFakeServer({
      authorize: (request) => request.action === 'send' || authorize(request),
    })
    const ann = connect('ann')
    subscribe(ann, group, board)
    const answers = send(ann)
    questions[0]!.answer(true)
    await turn()
    expect(answers).toEqual([])
    questions[1]!.answer(false)
    await turn()
    expect([answers, ann.take()]).toEqual([[OK], [[REFUSED, board, forbidden]]])
  })

  test('of a connection without a user is refused one by one, counted and logged', () => {
    const { connect, online } = startFakeServer()
    const lines = startLog('connections')
    const stranger = connect(null)
    expect(subscribe(stranger, group, board)).toEqual([])
    expect(stranger.take()).toEqual([
      [REFUSED, group, rejected],
      [REFUSED, board, rejected],
    ])
    expect(online.stats().dropped.forbidden).toBe(2)
    expect(lines).toEqual([
      expect.stringContaining('a connection without a user in {"group":"team"}'),
      expect.stringContaining('a connection without a user in {"group":"board"}'),
    ])
    expect([unsubscribe(stranger, group), stranger.take()]).toEqual([[], []])
  })

  test('above the rate is refused, the rest is served, and a subscription from before ends', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    subscribe(ann, group)
    for (let n = 0; n < 1998; n++) subscribe(ann, board)
    expect([online.stats().subscriptions, ann.take()]).toEqual([2, []])
    // Two thousand at once: one is left.
    subscribe(ann, { group: 'last' }, group)
    expect(ann.take()).toEqual([[REFUSED, group, connectionTooFast]])
    expect(online.stats()).toMatchObject({ subscriptions: 2, dropped: { 'rate-limited': 1 } })
    // The messages have a limit of their own.
    expect(send(ann)).toEqual([OK])
  })

  test('above the rate is refused while identify thinks, too', () => {
    const { ann } = startUnknown()
    subscribe(ann, ...Array.from({ length: 2001 }, () => board))
    expect(ann.take()).toEqual([[REFUSED, board, connectionTooFast]])
  })

  test('is refused when a thousand packets wait already, and to unsubscribe never is', () => {
    const { ann } = startUnknown()
    for (let n = 0; n < 1000; n++) unsubscribe(ann, board)
    expect([subscribe(ann, group), ann.take()]).toEqual([[], [[REFUSED, group, connectionTooFast]]])
    expect([unsubscribe(ann, group), ann.take()]).toEqual([[], []])
  })

  test('of a client that reads nothing is not refused by an event', () => {
    const { connect, online } = startFakeServer({ authorize: () => false })
    const ann = connect('ann')
    ann.stopReading(2001)
    subscribe(ann, group)
    expect([ann.take(), online.stats().dropped.forbidden]).toEqual([[], 1])
  })
})

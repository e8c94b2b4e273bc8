import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Conversation, OutgoingMessage } from '../../../src/core/index.ts'
import { type ClientSocket, createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { createFakeSocket, type WrittenEvent } from '../../support/networks/fake-socket.ts'
import { pass } from '../../support/pass.ts'

// The session without a network, in fake time. The other files try it over real connections.

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.restoreAllMocks()
  vi.useRealTimers()
})

const MAX_AGE = 2000
const group = { group: 'team' }
const message: OutgoingMessage = { conversation: group, command: 'note', data: 1 }
const from = { id: 'bob' }
const lease = (ttl: number, activity = 'typing'): OutgoingMessage => ({
  conversation: group,
  command: 'textInput',
  data: { ttl, activity, since: 1 },
})

interface Script {
  /** The answer to a hello, over these defaults. */
  readonly welcome?: object
  /**
   * The server's answer to an event; `undefined` for silence.
   * @default answers a hello with the welcome, and accepts everything else
   */
  readonly answerTo?: (name: unknown, welcome: () => object) => unknown
}

/** Welcomes, and answers everything else with this. */
const answerWith = (answer: unknown) => (name: unknown, welcome: () => object) =>
  name === 'om:hello' ? welcome() : answer

const acceptAll = answerWith({ ok: true })

const welcomeOnly = answerWith(undefined)

/** A transport on a socket, and a server without delays, whose clock is the fake one. */
function start({ welcome, answerTo }: Script = {}) {
  const welcomeNow = () => ({
    ok: true,
    version: 1,
    time: Date.now(),
    maxAge: MAX_AGE,
    maxBytes: 100,
    tellActive: false,
    ...welcome,
  })
  const answer = (written: WrittenEvent) => {
    const value = (answerTo ?? acceptAll)(written.event[0], welcomeNow)
    if (value !== undefined) queueMicrotask(() => written.answer(value))
  }
  const fake = createFakeSocket({ onWrite: answer })
  const transport = createSocketTransport(fake.socket)
  const hellos = () => fake.writtenAs('om:hello').length
  const state = () => transport.connection.getState()
  return { ...fake, transport, hellos, state, welcomeNow }
}
type Started = ReturnType<typeof start>

/** Subscribes, and collects what arrives. */
function listen({ transport }: Pick<Started, 'transport'>, conversation: Conversation = group) {
  const seen: unknown[] = []
  const end = transport.subscribe(conversation, {
    message: ({ data }) => seen.push(data),
    typists: ({ total }) => seen.push(`${total} typing`),
    refused: ({ code }) => seen.push(code),
    reset: () => seen.push('reset'),
  })
  return { seen, end }
}

/** A transport that is online, with one subscription. */
async function startOnline(script: Script = {}) {
  const started = start(script)
  const { seen, end } = listen(started)
  started.connect()
  await pass(0)
  return { ...started, seen, end }
}

/** What a promise has resolved to until now. */
function watch(promise: Promise<unknown>) {
  const results: unknown[] = []
  void promise.then((result) => results.push(result))
  return results
}

const failed = (code: string) => ({ ok: false, code, message: 'no' })
const sendNote = (receive: Started['receive'], data: unknown, sentAt = Date.now()) =>
  receive('om:message', sentAt, group, 'note', JSON.stringify(data), from)

describe('T5: subscriptions', () => {
  test('are written with the answer to the hello, and then each at once, without asking for an answer', async () => {
    const { transport, written, writtenAs, connect, state } = start()
    const { end } = listen({ transport })
    connect()
    expect(written).toEqual([])
    await pass(0)
    expect(state()).toBe('online')
    expect(writtenAs('om:hello')).toEqual([[1]])
    expect(writtenAs('om:subscribe')).toEqual([[[group]]])
    const other = listen({ transport }, { user: 'bob' })
    other.end()
    end()
    expect(writtenAs('om:subscribe').slice(1)).toEqual([
      [[{ user: 'bob' }], true],
      [[{ user: 'bob' }], false],
      [[group], false],
    ])
    const subscribing = written.filter(({ event }) => event[0] === 'om:subscribe')
    expect(subscribing.some(({ asksForAnswer }) => asksForAnswer)).toBe(false)
  })

  test('are written in lists of at most 1,000, each conversation once', async () => {
    const { transport, writtenAs, connect } = start()
    const groups = Array.from({ length: 2500 }, (_, index) => ({ group: `group ${index}` }))
    for (const conversation of groups) listen({ transport }, conversation)
    connect()
    await pass(0)
    const lists = writtenAs('om:subscribe').map(([list]) => list as unknown[])
    expect(lists.map((list) => list.length)).toEqual([1000, 1000, 500])
    expect(lists.flat()).toEqual(groups)
  })

  test('keep listeners and timers only while somebody is subscribed', async () => {
    const page = fakePage()
    const { end, listenerCount, state, written, transport } = await startOnline()
    expect([listenerCount() > 0, page.listeners() > 0]).toEqual([true, true])
    end()
    expect([listenerCount(), page.listeners(), vi.getTimerCount(), state()]).toEqual([0, 0, 0, 'connecting'])
    expect(transport.connection.getInitialState()).toBe('connecting')
    const before = written.length
    await pass(60_000)
    expect(written.length).toBe(before)
  })
})

describe('what arrives', () => {
  test('G1, K2: a fresh message is delivered, an expired one is dropped, and nothing else happens', async () => {
    const { receive, seen, hellos } = await startOnline()
    await pass(10_000)
    sendNote(receive, 'fresh')
    sendNote(receive, 'expired', Date.now() - MAX_AGE - 1)
    await pass(0)
    expect([seen, hellos()]).toEqual([['fresh'], 1])
  })

  test('K2, R5: a typing update that has expired makes it forget who types, and ask again', async () => {
    const { receive, seen, hellos, writtenAs } = await startOnline()
    await pass(10_000)
    receive('om:typists', Date.now() - MAX_AGE - 1, group, 1, [from])
    await pass(0)
    expect([seen, hellos()]).toEqual([['reset'], 2])
    expect(writtenAs('om:subscribe')).toEqual([[[group]], [[group]]])
  })

  test('a refusal is delivered however old it is', async () => {
    const { receive, seen, hellos } = await startOnline()
    await pass(10_000)
    receive('om:refused', Date.now() - 60_000, group, failed('forbidden'))
    await pass(0)
    expect([seen, hellos()]).toEqual([['forbidden'], 1])
  })

  test('what is no event of the protocol, or of another type of packet, does no harm', async () => {
    const { receive, seen, state } = await startOnline()
    receive('app:event', 1)
    receive('om:message', 'now', group)
    await pass(0)
    expect([seen, state()]).toEqual([[], 'online'])
  })

  test('R5: what arrives before the hello is answered waits for it, and is dropped if the hello is refused', async () => {
    const { connect, receive, written, transport, hellos } = start({ answerTo: () => undefined })
    const { seen } = listen({ transport })
    connect()
    await pass(0)
    sendNote(receive, 'waits')
    receive('om:typists', Date.now(), group, 1, [from])
    receive('om:refused', Date.now(), group, failed('rate-limited'))
    await pass(0)
    expect(seen).toEqual([])
    written[0]!.answer(failed('forbidden'))
    await pass(0)
    // The refusal of the subscription is true, and then that of the hello refuses all of them.
    expect([seen, hellos()]).toEqual([['rate-limited', 'forbidden'], 1])
  })
})

describe('connection', () => {
  test('T9: is connecting, online, connecting while the socket is lost, and offline after a disconnect', async () => {
    const { connect, lose, disconnect, state, transport } = start()
    const states: string[] = []
    transport.connection.subscribe((next) => states.push(next))
    expect(state()).toBe('connecting')
    connect()
    await pass(0)
    lose()
    expect(state()).toBe('connecting')
    connect()
    await pass(0)
    disconnect()
    expect(state()).toBe('offline')
    expect(states).toEqual(['online', 'connecting', 'online', 'offline'])
  })

  test('T1: nothing is written while the socket is not connected', async () => {
    const { disconnect, lose, connect, written } = await startOnline()
    lose()
    await pass(10_000)
    connect()
    await pass(0)
    disconnect()
    const before = written.length
    await pass(60_000)
    expect([before, written.length]).toEqual([4, 4])
  })

  test.each(['lose', 'disconnect'] as const)('T1: %s: what waits for an answer is offline at once', async (end) => {
    const started = await startOnline({ answerTo: welcomeOnly })
    const results = watch(started.transport.send(message))
    await pass(100)
    expect(results).toEqual([])
    started[end]()
    await pass(0)
    expect(results).toMatchObject([{ code: 'offline' }])
  })
})

test('T7: the connection is lost without a listener for that on the socket: what waits is offline at once', async () => {
  const { removeListeners, lose, transport } = await startOnline({ answerTo: welcomeOnly })
  const results = watch(transport.send(message))
  removeListeners('disconnect')
  lose()
  await pass(0)
  expect(results).toMatchObject([{ code: 'offline' }])
})

test('T9, K1: a jump of the wall clock makes it connecting, and the next hello online', async () => {
  const { state, hellos } = await startOnline()
  vi.setSystemTime(Date.now() + 600)
  expect(state()).toBe('connecting')
  await pass(1000)
  expect([state(), hellos()]).toEqual(['online', 2])
})

test.each(['connect', 'lose'] as const)(
  'T5: %s, and the last subscription ends in the same tick: nothing is left behind',
  async (happen) => {
    const started = await startOnline()
    started[happen]()
    started.end()
    await pass(0)
    expect([started.listenerCount(), vi.getTimerCount()]).toEqual([0, 0])
  },
)

test('T2: a listener that leaves out what is optional is not called with it', async () => {
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  const { connect, receive, transport, lose } = start()
  transport.subscribe(group, { message() {}, typists() {} })
  connect()
  await pass(10_000)
  receive('om:typists', Date.now() - MAX_AGE - 1, group, 1, [from])
  await pass(0)
  lose()
  const refusing = start({ answerTo: () => failed('forbidden') })
  refusing.transport.subscribe(group, { message() {}, typists() {} })
  refusing.connect()
  await pass(0)
  process.off('uncaughtException', uncaught)
  expect([refusing.hellos(), uncaught.mock.calls]).toEqual([1, []])
})

describe('I1: the server says that the connection has lost its user', () => {
  test('offline until the next hello is answered, and then subscribed again', async () => {
    const { receive, state, hellos, writtenAs } = await startOnline()
    receive('om:identity', Date.now())
    expect([state(), hellos()]).toEqual(['offline', 2])
    await pass(0)
    expect([state(), writtenAs('om:subscribe').length]).toEqual(['online', 2])
  })

  test('the leases of the old user are not renewed for the new one', async () => {
    const { receive, transport, socket, writtenAs } = await startOnline()
    void transport.send(lease(7000, 'recording'))
    receive('om:identity', Date.now())
    await pass(0)
    void createSocketTransport(socket).send(lease(0))
    expect(writtenAs('om:lease').map(([, ttl]) => ttl)).toEqual([7000, 0])
  })
})

describe('T7: the socket is on another connection, and nothing said so', () => {
  test('it is not online, and within a second it says hello there, and subscribes', async () => {
    const { swapConnection, state, hellos, writtenAs } = await startOnline()
    swapConnection()
    expect([state(), hellos()]).toEqual(['connecting', 1])
    await pass(1000)
    expect([state(), hellos(), writtenAs('om:subscribe').length]).toEqual(['online', 2, 2])
  })

  test.each([
    ['a ping', ({ ping }: Started) => ping()],
    ['a disconnect of the old one', ({ emitDisconnect }: Started) => emitDisconnect()],
  ])('%s shows it at once', async (_, happen) => {
    const started = await startOnline()
    started.swapConnection()
    happen(started)
    await pass(0)
    expect([started.state(), started.hellos()]).toEqual(['online', 2])
  })

  test('what was asked on the old one is offline, and its leases have ended', async () => {
    const { swapConnection, transport, socket, writtenAs } = await startOnline({ answerTo: welcomeOnly })
    const results = watch(transport.send(message))
    void transport.send(lease(7000, 'recording'))
    swapConnection()
    await pass(1000)
    expect(results).toMatchObject([{ code: 'offline' }])
    void createSocketTransport(socket).send(lease(0))
    expect(writtenAs('om:lease').map(([, ttl]) => ttl)).toEqual([7000, 0])
  })

  test('a message is not written there before its hello is answered', async () => {
    const { swapConnection, transport, written } = await startOnline()
    swapConnection()
    const results = watch(transport.send(message))
    await pass(0)
    expect(written.slice(2).map(({ event }) => event[0])).toEqual(['om:hello', 'om:subscribe', 'om:send'])
    expect(results).toEqual([{ ok: true }])
  })
})

test.each(['packet', 'close'])(
  'T7: other code takes away the listeners for "%s": within a second it begins again with a hello',
  async (event) => {
    const { removeListeners, hellos, seen, receive, state, listenerCount } = await startOnline()
    const before = listenerCount()
    removeListeners(event)
    await pass(1000)
    expect([hellos(), state(), listenerCount()]).toEqual([2, 'online', before])
    sendNote(receive, 'arrives')
    expect(seen).toEqual(['arrives'])
  },
)

test.each(['ping', 'disconnect'])(
  'T7: other code takes away the listeners for "%s": they come back, and what was known counts',
  async (event) => {
    const { removeListeners, hellos, state, listenerCount } = await startOnline()
    const before = listenerCount()
    removeListeners(event)
    await pass(1000)
    expect([hellos(), state(), listenerCount()]).toEqual([1, 'online', before])
  },
)

describe('send', () => {
  test('without a subscription: it says hello, writes, and leaves nothing behind when it is answered', async () => {
    const { connect, transport, writtenAs, listenerCount } = start()
    connect()
    const results = watch(transport.send(message))
    expect(listenerCount()).toBeGreaterThan(0)
    await pass(0)
    expect(results).toEqual([{ ok: true }])
    const [stamp, ...rest] = writtenAs('om:send')[0]!
    // In whole milliseconds.
    expect(Math.abs((stamp as number) - Date.now())).toBeLessThanOrEqual(1)
    expect(rest).toEqual(['note', '1', group, undefined])
    expect([listenerCount(), vi.getTimerCount()]).toEqual([0, 0])
  })

  test('confirm: false: nobody asks for an answer, and nothing is left behind once it is written', async () => {
    const { connect, transport, written, listenerCount } = start()
    connect()
    const results = watch(transport.send(message, { confirm: false }))
    await pass(0)
    expect(results).toEqual([{ ok: true }])
    expect(written.map(({ event, asksForAnswer }) => [event[0], asksForAnswer])).toEqual([
      ['om:hello', true],
      ['om:send', false],
    ])
    expect(listenerCount()).toBe(0)
  })

  test('confirm: false: a typing lease leaves nothing behind while the server may still refuse it', async () => {
    const { connect, transport, listenerCount } = start({ answerTo: welcomeOnly })
    connect()
    void transport.send(lease(7000), { confirm: false })
    await pass(0)
    expect(listenerCount()).toBe(0)
  })

  test('without a connection: offline, and nothing is left behind', async () => {
    const { transport, listenerCount } = start()
    expect(await transport.send(message)).toMatchObject({ code: 'offline' })
    expect(listenerCount()).toBe(0)
  })

  test('aborted before: aborted, and nothing is written or left behind', async () => {
    const { connect, transport, written, listenerCount } = start()
    connect()
    expect(await transport.send(message, { signal: AbortSignal.abort() })).toMatchObject({ code: 'aborted' })
    expect([written, listenerCount()]).toEqual([[], 0])
  })

  test('aborted while it waits for the hello: aborted at once, and nothing is left behind', async () => {
    const { connect, transport, written, listenerCount } = start({ answerTo: () => undefined })
    connect()
    const controller = new AbortController()
    const results = watch(transport.send(message, { signal: controller.signal }))
    await pass(100)
    expect(results).toEqual([])
    controller.abort()
    await pass(0)
    expect(results).toMatchObject([{ code: 'aborted' }])
    expect([written.length, listenerCount()]).toEqual([1, 0])
  })

  test('G1: a message that waited for the hello has the time at which the app sent it', async () => {
    const { connect, transport, written, writtenAs, welcomeNow } = start({ answerTo: () => undefined })
    connect()
    transport.connection.subscribe(() => {})
    void transport.send(message)
    const sentAt = Date.now()
    await pass(0)
    await pass(300)
    written[0]!.answer(welcomeNow())
    await pass(0)
    const [stamp] = writtenAs('om:send')[0] ?? []
    // The hello took 300 ms, so the clock is known that well.
    expect(Math.abs((stamp as number) - sentAt)).toBeLessThanOrEqual(150)
  })

  test('T2: what cannot be encoded is refused, and nothing is written', async () => {
    const { transport, writtenAs } = await startOnline()
    expect(await transport.send({ ...message, data: 'x'.repeat(99) })).toMatchObject({ code: 'too-large' })
    const wrong = { ...message, conversation: { group: 1n } } as unknown as OutgoingMessage
    expect(await transport.send(wrong)).toMatchObject({ code: 'invalid' })
    expect(writtenAs('om:send')).toEqual([])
  })
})

describe('K3: the server answers that a message was too old', () => {
  test('it says hello again, and stays online', async () => {
    const { transport, hellos, state } = await startOnline({
      answerTo: answerWith(failed('timeout')),
    })
    await pass(10_000)
    expect(await transport.send(message)).toMatchObject({ code: 'timeout' })
    expect([hellos(), state()]).toEqual([2, 'online'])
  })

  test.each([
    ['another failure', answerWith(failed('forbidden')), { code: 'forbidden' }],
    ['silence', welcomeOnly, { code: 'timeout' }],
    ['acceptance', acceptAll, { ok: true }],
  ])('%s is no reason for that', async (_, answerTo, result) => {
    const { transport, hellos } = await startOnline({ answerTo })
    await pass(10_000)
    const results = watch(transport.send(message))
    await pass(10_000)
    expect([results, hellos()]).toMatchObject([[result], 1])
  })
})

describe('a typing lease', () => {
  test('asks for an answer, since the server may refuse it, and its release does not', async () => {
    const { transport, written } = await startOnline({ answerTo: welcomeOnly })
    const results = watch(transport.send(lease(7000)))
    await transport.send(lease(0))
    const leases = written.filter(({ event }) => event[0] === 'om:lease')
    expect(leases.map(({ event, asksForAnswer }) => [event.slice(2), asksForAnswer])).toEqual([
      [[7000, 'typing', group], true],
      [[0, 'typing', group], false],
    ])
    // Silence is acceptance.
    await pass(5000)
    expect(results).toEqual([{ ok: true }])
  })

  test('T8: that is refused does not count for the others on the socket', async () => {
    const { transport, socket, writtenAs } = await startOnline({
      answerTo: answerWith(failed('forbidden')),
    })
    expect(await transport.send(lease(7000, 'recording'))).toMatchObject({ code: 'forbidden' })
    void createSocketTransport(socket).send(lease(0))
    expect(writtenAs('om:lease').map(([, ttl]) => ttl)).toEqual([7000, 0])
  })

  test('T8: that is accepted goes on when another client on the socket stops', async () => {
    const { transport, socket, writtenAs } = await startOnline()
    await transport.send(lease(7000, 'recording'))
    void createSocketTransport(socket).send(lease(0))
    expect(writtenAs('om:lease').map(([, ttl, activity]) => [ttl, activity])).toEqual([
      [7000, 'recording'],
      [7000, 'recording'],
    ])
  })
})

describe('the page', () => {
  test('that is shown makes the device the active one, if the server asks for it', async () => {
    const page = fakePage()
    const { written } = await startOnline({ welcome: { tellActive: true } })
    const active = () => written.filter(({ event }) => event[0] === 'om:active').map((one) => one.asksForAnswer)
    page.hide()
    expect(active()).toEqual([])
    page.show()
    expect(active()).toEqual([false])
  })

  test('that is shown or hidden says nothing to a server that does not ask, or is not known', async () => {
    const page = fakePage()
    const { writtenAs, lose } = await startOnline()
    page.show()
    lose()
    page.show()
    expect(writtenAs('om:active')).toEqual([])
  })

  test.each(['show', 'leave'] as const)(
    'T7: %s: it looks at once whether the connection is another one',
    async (event) => {
      const page = fakePage()
      const { swapConnection, hellos } = await startOnline()
      swapConnection()
      page[event]()
      expect(hellos()).toBe(2)
    },
  )

  test('I1: that is shown says hello again if the server has refused it', async () => {
    const page = fakePage()
    const { hellos, ping } = await startOnline({ answerTo: () => failed('forbidden') })
    await pass(10_000)
    expect(hellos()).toBe(1)
    page.show()
    expect(hellos()).toBe(2)
    await pass(1000)
    ping()
    expect(hellos()).toBe(3)
  })
})

describe('the timer', () => {
  test('lets a process of Node’s end', async () => {
    const timers = vi.spyOn(globalThis, 'setInterval')
    await startOnline()
    expect(timers.mock.results.map(({ value }) => (value as NodeJS.Timeout).hasRef())).toEqual([false])
  })

  test('is a number in a page', async () => {
    vi.spyOn(globalThis, 'setInterval').mockReturnValue(1 as unknown as NodeJS.Timeout)
    expect((await startOnline()).state()).toBe('online')
  })
})

test('T2: a subscriber that throws when the connection changes breaks nothing', async () => {
  const uncaught = vi.fn()
  process.on('uncaughtException', uncaught)
  const { connect, transport, state } = start()
  transport.connection.subscribe(() => {
    throw new Error('thrown by a subscriber')
  })
  connect()
  await pass(0)
  process.off('uncaughtException', uncaught)
  expect([state(), String(uncaught.mock.calls[0]?.[0])]).toEqual(['online', 'Error: thrown by a subscriber'])
})

test('T8: transports on one socket share its session, and those on another one do not', async () => {
  const { connect, socket, hellos, transport } = start()
  const other = createSocketTransport(socket)
  for (const one of [transport, other]) listen({ transport: one })
  connect()
  await pass(0)
  expect(hellos()).toBe(1)
  const elsewhere = await startOnline()
  expect(elsewhere.hellos()).toBe(1)
})

test('in development no socket is an error that says what to give', () => {
  expect(() => createSocketTransport(undefined as unknown as ClientSocket)).toThrow(
    'createSocketTransport was given undefined. Give the socket that io() returns, once it has been made. (react-online-message: no-socket)',
  )
})

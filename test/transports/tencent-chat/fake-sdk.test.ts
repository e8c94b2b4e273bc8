/**
 * The transport on a fake SDK: for what takes the real one seconds, or happens to it by chance only. The real one is
 * tested in real-sdk.test.ts and by the contract.
 */
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createOnlineMessageClient, isFailure, type OnlineMessage } from '../../../src/core/index.ts'
import { createTencentChatTransport } from '../../../src/transports/tencent-chat/index.ts'
import { createKitTypingSessions } from '../../../src/transports/tencent-chat/typing-sessions.ts'
import { createFakeChat, type FakeChat } from '../../support/tencent-chat/fake-chat.ts'
import { DOCUMENTS, KITS, OLDEST_DEMO } from '../../support/tencent-chat/kits.ts'

const bob = { user: 'bob' }
const note = { conversation: bob, command: 'note', data: 1 }
const noError = (reason: unknown) => reason as Error
const never = () => new Promise<never>(() => {})

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('construction is inert', () => {
  test('nothing of the SDK is called before the first subscription or send', () => {
    const chat = createFakeChat()
    const calls = vi.fn()
    createTencentChatTransport(
      new Proxy(chat, {
        get(target, name) {
          calls(name)
          return Reflect.get(target, name) as unknown
        },
      }),
    )
    expect(calls).not.toHaveBeenCalled()
  })

  test('handlers are there while somebody is subscribed, and none is left, however often that happens', () => {
    const chat = createFakeChat()
    const { connection, subscribe } = createTencentChatTransport(chat)
    const on = { message() {}, typists() {} }
    // As StrictMode does it: subscribe, unsubscribe, subscribe.
    for (let time = 0; time < 3; time++) {
      const ends = [connection.subscribe(() => {}), subscribe(bob, on), subscribe({ group: 'team' }, on)]
      expect(chat.countHandlers()).toBe(5)
      for (const end of ends) end()
      for (const end of ends) end()
      expect(chat.countHandlers()).toBe(0)
    }
  })

  test('a send needs the handlers until it is answered', async () => {
    const chat = createFakeChat()
    let answer = () => {}
    chat.answer = () => new Promise<void>((resolve) => (answer = resolve))
    const sending = createTencentChatTransport(chat).send(note)
    expect(chat.countHandlers()).toBe(5)
    answer()
    expect(await sending).toEqual({ ok: true })
    expect(chat.countHandlers()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('connection', () => {
  const watched = (chat: FakeChat) => {
    const { connection } = createTencentChatTransport(chat)
    const seen: string[] = []
    const end = connection.subscribe((state) => seen.push(state))
    return { connection, seen, end }
  }

  test('connecting until SDK_READY, then online', () => {
    const chat = createFakeChat()
    chat.isLoggedIn = false
    const { connection, seen } = watched(chat)
    expect(connection.getState()).toBe('connecting')
    // While logging in, the SDK may report the network.
    for (const now of ['connected', 'disconnected']) {
      chat.emit('netStateChange', { state: now })
      expect(connection.getState()).toBe('connecting')
    }
    chat.isLoggedIn = true
    chat.emit('sdkStateReady')
    expect(seen).toEqual(['online'])
    expect(connection.getInitialState()).toBe('connecting')
  })

  test('before the first netStateChange isReady() decides, after it the network does', () => {
    const chat = createFakeChat()
    const { connection, seen } = watched(chat)
    expect(connection.getState()).toBe('online')
    for (const state of ['connecting', 'disconnected', 'connecting', 'connected', 'disconnected', 'connected'])
      chat.emit('netStateChange', { state })
    expect(seen).toEqual(['connecting', 'online', 'connecting', 'online'])
    chat.emit('netStateChange', { state: 'unheard of' })
    chat.emit('netStateChange')
    expect(seen.slice(4)).toEqual(['connecting', 'online'])
  })

  test('kicked out, or logged out: offline until the next SDK_READY', () => {
    const chat = createFakeChat()
    const { connection, seen } = watched(chat)
    // The SDK is still ready when it emits this.
    chat.emit('kickedOut', { type: 'multipleDevice' })
    expect(seen).toEqual(['offline'])
    chat.isLoggedIn = false
    chat.emit('sdkStateNotReady')
    chat.emit('netStateChange', { state: 'connected' })
    expect(connection.getState()).toBe('offline')
    chat.isLoggedIn = true
    chat.emit('sdkStateReady')
    expect(seen).toEqual(['offline', 'online'])
    chat.emit('netStateChange', { state: 'disconnected' })
    chat.isLoggedIn = false
    chat.emit('sdkStateNotReady')
    chat.isLoggedIn = true
    // A login goes over the network: what was known of the network is stale, and the SDK does not report it.
    chat.emit('sdkStateReady')
    expect(seen).toEqual(['offline', 'online', 'connecting', 'offline', 'online'])
  })

  test('without subscribers: what isReady() says, whatever was known before', () => {
    const chat = createFakeChat()
    const { connection, end } = watched(chat)
    chat.emit('netStateChange', { state: 'connecting' })
    end()
    expect(connection.getState()).toBe('online')
    chat.isLoggedIn = false
    expect(connection.getState()).toBe('connecting')
    chat.isLoggedIn = true
    const unwatch = connection.subscribe(() => {})
    chat.isLoggedIn = false
    chat.emit('sdkStateNotReady')
    unwatch()
    expect(connection.getState()).toBe('offline')
    chat.isLoggedIn = true
    expect(connection.getState()).toBe('online')
  })
})

test('subscribing to an invalid conversation is refused, and leaves nothing behind', async () => {
  const chat = createFakeChat()
  const refused = vi.fn()
  const on = { message() {}, typists() {}, refused }
  const end = createTencentChatTransport(chat).subscribe({ user: '' }, on)
  await vi.advanceTimersByTimeAsync(0)
  expect(refused).toHaveBeenCalledWith(expect.objectContaining({ code: 'invalid' }))
  end()
  expect(chat.countHandlers()).toBe(0)
})

describe('send', () => {
  test('T1: nothing is asked of the SDK before SDK_READY, or while the network is away', async () => {
    const chat = createFakeChat()
    chat.isLoggedIn = false
    const { send, connection } = createTencentChatTransport(chat)
    expect(await send(note)).toMatchObject({ ok: false, code: 'offline' })
    chat.isLoggedIn = true
    connection.subscribe(() => {})
    for (const state of ['connecting', 'disconnected']) {
      chat.emit('netStateChange', { state })
      expect(await send(note)).toMatchObject({ ok: false, code: 'offline' })
    }
    chat.emit('netStateChange', { state: 'connected' })
    expect(chat.sent).toEqual([])
    expect(await send(note)).toEqual({ ok: true })
  })

  test('T6: reaches sendMessage before it returns, for messages and for stop()', () => {
    const chat = createFakeChat()
    const client = createOnlineMessageClient({ transport: createTencentChatTransport(chat) })
    void client.send(bob, 'note', 1)
    expect(chat.sent).toHaveLength(1)
    const typing = client.typing(bob)
    typing.keystroke('a')
    expect(chat.sent).toHaveLength(2)
    typing.stop()
    expect(chat.sent).toHaveLength(3)
    const { message } = chat.sent[2] as { message: { payload: { data: string } } }
    expect(message.payload.data).toContain('EIMAMSG_InputStatus_End')
  })

  test.each([
    ['high', 'High'],
    ['normal', 'Normal'],
    ['low', 'Low'],
    [undefined, 'Normal'],
  ] as const)('priority %s is %s, online only and without a push', async (priority, expected) => {
    const chat = createFakeChat()
    const { send } = createTencentChatTransport(chat)
    await send({ ...note, conversation: { group: 'team' }, priority })
    await send({ ...note, priority })
    const options = { onlineUserOnly: true, offlinePushInfo: { disablePush: true } }
    expect(chat.sent).toMatchObject([
      { message: { to: 'team', conversationType: 'GROUP', priority: expected }, options },
      { message: { to: 'bob', conversationType: 'C2C', priority: expected }, options },
    ])
  })

  test('a group and a thread are named, and nothing else is shown to anybody', async () => {
    const chat = createFakeChat()
    const { send } = createTencentChatTransport(chat)
    await send({ ...note, conversation: { group: 'team', thread: 't' } })
    const data = '{"businessID":"online_message","version":1,"command":"note","thread":"t","data":1}'
    const [{ message } = { message: undefined }] = chat.sent
    expect(message).toMatchObject({ to: 'team', payload: { data, description: '', extension: '' } })
  })

  test('T2: an invalid message and one that is too large are refused, and the SDK is not called', async () => {
    const chat = createFakeChat()
    const { send } = createTencentChatTransport(chat)
    expect(await send({ ...note, conversation: { user: '' } })).toMatchObject({ ok: false, code: 'invalid' })
    // The data alone would fit.
    const result = await send({ ...note, data: 'x'.repeat(12 * 1024 - 10) })
    expect(result).toMatchObject({ ok: false, code: 'too-large' })
    expect(isFailure(result) && result.message).toMatch(/ has 123\d\d bytes with its command: send at most 12288\./)
    expect(chat.sent).toEqual([])
  })

  test('typing has low priority', async () => {
    const chat = createFakeChat()
    const lease = { ttl: 7000, activity: 'typing', since: 1 }
    await createTencentChatTransport(chat).send({ conversation: bob, command: 'textInput', data: lease })
    expect(chat.sent).toMatchObject([{ message: { priority: 'Low' } }])
  })

  test('a signal that is aborted before: aborted, and the SDK is not called', async () => {
    const chat = createFakeChat()
    const result = await createTencentChatTransport(chat).send(note, { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ok: false, code: 'aborted' })
    expect(chat.sent).toEqual([])
    expect(chat.countHandlers()).toBe(0)
  })

  test('a signal that is aborted after: the SDK has the message, and its answer is the result', async () => {
    const chat = createFakeChat()
    const controller = new AbortController()
    const sending = createTencentChatTransport(chat).send(note, { signal: controller.signal })
    controller.abort()
    expect(await sending).toEqual({ ok: true })
    expect(chat.sent).toHaveLength(1)
  })

  test('no answer within 5 s is a timeout', async () => {
    const chat = createFakeChat()
    chat.answer = never
    const sending = createTencentChatTransport(chat).send(note)
    await vi.advanceTimersByTimeAsync(5000)
    expect(await sending).toMatchObject({ ok: false, code: 'timeout' })
    expect(chat.countHandlers()).toBe(0)
  })

  test('a connection that breaks answers at once, and a later answer of the SDK is ignored', async () => {
    const chat = createFakeChat()
    let reject = (_error: unknown) => {}
    chat.answer = () => new Promise((_, no) => (reject = no))
    const sending = createTencentChatTransport(chat).send(note)
    chat.emit('netStateChange', { state: 'connecting' })
    expect(await sending).toMatchObject({ ok: false, code: 'offline' })
    expect(chat.countHandlers()).toBe(0)
    reject(Object.assign(new Error(''), { code: 2801 }))
    await vi.advanceTimersByTimeAsync(6000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([
    ['createCustomMessage throws', { createCustomMessage: () => expect.fail('Params validate failed.') }],
    ['sendMessage throws', { sendMessage: () => expect.fail('no') }],
    ['sendMessage returns nothing', { sendMessage: () => undefined as unknown as Promise<unknown> }],
    ['sendMessage rejects with nothing', { sendMessage: () => Promise.reject(noError(undefined)) }],
    ['sendMessage rejects with something else than an error', { sendMessage: () => Promise.reject(noError('no')) }],
    ['an error without a code', { sendMessage: () => Promise.reject(new Error('no')) }],
  ] satisfies [string, Partial<FakeChat>][])('T2: %s: send answers', async (_, odd) => {
    const chat = createFakeChat()
    const answer = await createTencentChatTransport({ ...chat, ...odd }).send(note)
    expect(answer).toMatchObject({ ok: false, code: 'invalid' })
    expect(chat.countHandlers()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })
})

describe('typing of kits', () => {
  let id = 0
  const arrive = (chat: FakeChat, data: string, fields: object = {}) => {
    const seconds = Math.floor(Date.now() / 1000)
    const message = {
      ID: String(++id),
      conversationType: 'C2C',
      from: 'bob',
      to: 'ann',
      flow: 'in',
      time: seconds,
      clientTime: seconds,
      type: 'TIMCustomElem',
      payload: { data },
      ...fields,
    }
    chat.emit('onMessageReceived', [message])
  }
  const text = { type: 'TIMTextElem', payload: { text: 'hello' } }
  const [{ start, end }] = KITS as [(typeof KITS)[0]]
  const [, oldStart] = DOCUMENTS[0]!
  const createReceiver = () => {
    const chat = createFakeChat()
    const client = createOnlineMessageClient({ transport: createTencentChatTransport(chat) })
    const typists = client.typists(bob)
    const renders = vi.fn()
    typists.subscribe(renders)
    return { chat, client, renders, now: () => typists.getState().typists.map((typist) => typist.id) }
  }

  test.each([...[...KITS, OLDEST_DEMO].map(({ name, start }) => [name, start] as const), ...DOCUMENTS])(
    'R1, R2, R4 of %s: shown at once, kept by renewals without a render, gone when they stop',
    (_, start) => {
      const { chat, renders, now } = createReceiver()
      for (let time = 0; time < 5; time++) {
        arrive(chat, start)
        expect(now()).toEqual(['bob'])
        vi.advanceTimersByTime(5000)
      }
      expect(renders).toHaveBeenCalledTimes(1)
      vi.advanceTimersByTime(1999)
      expect(now()).toEqual(['bob'])
      vi.advanceTimersByTime(1)
      expect(now()).toEqual([])
    },
  )

  test.each(['tuikit', 'textInput'] as const)(
    'S5: with a heartbeat of 10 s a lease sent as %s lives for 12 s, and not for the 7 s of a kit',
    async (typing) => {
      const sender = createFakeChat('bob')
      const client = createOnlineMessageClient({
        transport: createTencentChatTransport(sender, { typing }),
        heartbeatInterval: 10_000,
      })
      client.typing({ user: 'ann' }).keystroke('a')
      await vi.advanceTimersByTimeAsync(0)
      const { message } = sender.sent[0] as { message: { payload: { data: string } } }

      const { chat, now } = createReceiver()
      arrive(chat, message.payload.data)
      vi.advanceTimersByTime(11_999)
      expect(now()).toEqual(['bob'])
      vi.advanceTimersByTime(1)
      expect(now()).toEqual([])
    },
  )

  test.each([...KITS, OLDEST_DEMO])('R3 of $name: an end removes at once', ({ start, end }) => {
    const { chat, now } = createReceiver()
    arrive(chat, start)
    arrive(chat, end)
    expect(now()).toEqual([])
  })

  test('each session has a beginning of its own', () => {
    const { chat, client } = createReceiver()
    const since = () => client.typists(bob).getState().typists[0]?.since
    const first = Date.now()
    arrive(chat, start)
    vi.advanceTimersByTime(4000)
    arrive(chat, start)
    expect(since()).toBe(first)
    vi.advanceTimersByTime(8000)
    const second = Date.now()
    arrive(chat, start)
    expect(since()).toBe(second)
    arrive(chat, end)
    vi.advanceTimersByTime(100)
    arrive(chat, start)
    expect(since()).toBe(second + 100)
  })

  test('R6: after clearTypist a renewal does not show them again, an end and a new start do', () => {
    const { chat, client, now } = createReceiver()
    arrive(chat, start)
    client.clearTypist(bob, 'bob')
    vi.advanceTimersByTime(100)
    arrive(chat, start)
    expect(now()).toEqual([])
    arrive(chat, end)
    arrive(chat, start)
    expect(now()).toEqual(['bob'])
  })

  test('R6: a typist who types on after a message is shown again, even without an end', () => {
    const { chat, client, now } = createReceiver()
    arrive(chat, oldStart)
    vi.advanceTimersByTime(100)
    arrive(chat, '', text)
    client.clearTypist(bob, 'bob')
    expect(now()).toEqual([])
    vi.advanceTimersByTime(100)
    arrive(chat, oldStart)
    expect(now()).toEqual(['bob'])
  })

  test('an end that comes after the message ends the session before it', () => {
    const { chat, now } = createReceiver()
    arrive(chat, start)
    vi.advanceTimersByTime(100)
    arrive(chat, '', text)
    vi.advanceTimersByTime(100)
    arrive(chat, end)
    expect(now()).toEqual([])
  })

  test('a device of this library and a kit of the same user: each has its own session', () => {
    const { chat, now } = createReceiver()
    const ours = (ttl: number) => JSON.stringify({ ...JSON.parse(start), typing: { ttl, activity: 'photo', since: 5 } })
    arrive(chat, start)
    arrive(chat, ours(7000))
    arrive(chat, end)
    expect(now()).toEqual(['bob'])
    arrive(chat, ours(0).replace('_Ing', '_End'))
    expect(now()).toEqual([])
  })

  /** The beginnings of the typing sessions that a transport shows in a group. */
  const readBeginnings = (chat: FakeChat) => {
    const beginnings: unknown[] = []
    const team = { group: 'team' }
    const { subscribe } = createTencentChatTransport(chat)
    const message = ({ data }: OnlineMessage) => void beginnings.push((data as { since: unknown }).since)
    const resubscribe = () => subscribe(team, { message, typists() {} })
    return { beginnings, resubscribe }
  }
  const inGroup = (from: string) => ({ conversationType: 'GROUP', from, to: 'team' })

  test('R6: two typists in one group have each a session of their own', () => {
    const chat = createFakeChat()
    const { beginnings, resubscribe } = readBeginnings(chat)
    resubscribe()
    const began = Date.now()
    arrive(chat, start, inGroup('bob'))
    vi.advanceTimersByTime(1000)
    arrive(chat, start, inGroup('cy'))
    arrive(chat, start, inGroup('bob'))
    expect(beginnings).toEqual([began, began + 1000, began])
  })

  test('R6: after a time without subscribers typing is a new session, because its end may have been missed', () => {
    const chat = createFakeChat()
    const { beginnings, resubscribe } = readBeginnings(chat)
    const end = resubscribe()
    const began = Date.now()
    arrive(chat, start, inGroup('bob'))
    end()
    vi.advanceTimersByTime(1000)
    resubscribe()
    arrive(chat, start, inGroup('bob'))
    expect(beginnings).toEqual([began, began + 1000])
  })

  test('T3: another command arrives as it was sent, with the name and the picture that the service has', () => {
    const chat = createFakeChat()
    const received: OnlineMessage[] = []
    createTencentChatTransport(chat).subscribe(bob, { message: (message) => received.push(message), typists() {} })
    const data = JSON.stringify({ businessID: 'online_message', version: 1, command: 'note', data: { since: 0 } })
    arrive(chat, data, { nick: 'Bob', avatar: 'bob.png' })
    // What has no name and no picture has empty strings.
    arrive(chat, data, { nick: '', avatar: '' })
    const message = { conversation: bob, command: 'note', data: { since: 0 } }
    expect(received).toEqual([
      { ...message, from: { id: 'bob', name: 'Bob', avatar: 'bob.png' } },
      { ...message, from: { id: 'bob' } },
    ])
  })

  test('messages without an id are all received', () => {
    const chat = createFakeChat()
    const received = vi.fn()
    createTencentChatTransport(chat).subscribe(bob, { message: received, typists() {} })
    for (let time = 0; time < 2; time++) arrive(chat, start, { ID: undefined })
    expect(received).toHaveBeenCalledTimes(2)
  })

  test('T1: a message that the SDK delivers twice is received once, among the last thousand', () => {
    const chat = createFakeChat()
    const received = vi.fn()
    createTencentChatTransport(chat).subscribe(bob, { message: received, typists() {} })
    arrive(chat, start, { ID: 'twice' })
    arrive(chat, start, { ID: 'twice' })
    expect(received).toHaveBeenCalledTimes(1)
    // A flood pushes the oldest id out: memory is bounded.
    for (let number = 0; number < 1000; number++) arrive(chat, start)
    arrive(chat, start, { ID: 'twice' })
    expect(received).toHaveBeenCalledTimes(1002)
  })

  test('a flood of typists is remembered within bounds', () => {
    const sessions = createKitTypingSessions()
    const renewed = (who: number, now: number) =>
      sessions.complete(`user ${who}`, { ttl: 7000, activity: 'typing', since: 0 }, now).since
    for (let who = 0; who < 3000; who++) renewed(who, 1)
    expect(renewed(2999, 2)).toBe(1)
    expect(renewed(2001, 2)).toBe(1)
    expect(renewed(0, 2)).toBe(2)
  })

  test.each([
    ['nothing', undefined],
    ['something else than an array', { 0: 1 }],
    ['something else than messages', [null, undefined, 7, 'text', [], {}]],
    ['fields of other types', [{ flow: 'in', from: 7, to: {}, conversationType: 'C2C', type: 'TIMCustomElem' }]],
    ['no payload', [{ flow: 'in', from: 'bob', conversationType: 'C2C', type: 'TIMCustomElem', time: 1e12 }]],
    ['ids that are too long', [{ flow: 'in', from: 'x'.repeat(257), conversationType: 'C2C', type: 'TIMCustomElem' }]],
    [
      'another kind of conversation',
      [{ flow: 'in', from: 'bob', conversationType: '@TIM#SYSTEM', type: 'TIMCustomElem' }],
    ],
  ])('an event with %s does no harm', (_, data) => {
    const { chat, renders, now } = createReceiver()
    chat.emit('onMessageReceived', data)
    expect(renders).not.toHaveBeenCalled()
    arrive(chat, start)
    expect(now()).toEqual(['bob'])
  })

  test.each(['TIMTextElem', 'TIMFaceElem', undefined])(
    'a message of type %s is not typing, whatever it says',
    (type) => {
      const { chat, now } = createReceiver()
      arrive(chat, start, { type })
      expect(now()).toEqual([])
    },
  )

  test.each([
    ["one's own copy from another device", { flow: 'out', from: 'cy' }],
    ['what one has sent oneself', { from: 'ann' }],
    ["the service's own messages", { conversationType: '@TIM#SYSTEM' }],
  ])('T3, T4: not %s', (_, fields) => {
    const chat = createFakeChat()
    const received = vi.fn()
    const { subscribe } = createTencentChatTransport(chat)
    for (const user of ['ann', 'bob', 'cy']) subscribe({ user }, { message: received, typists() {} })
    arrive(chat, start, fields)
    expect(received).not.toHaveBeenCalled()
    arrive(chat, start)
    expect(received).toHaveBeenCalledTimes(1)
  })

  test('G1: a message without a time is stale', () => {
    const { chat, now } = createReceiver()
    arrive(chat, start, { time: undefined, clientTime: undefined })
    arrive(chat, start, { time: '1795175566' })
    expect(now()).toEqual([])
    arrive(chat, start, { clientTime: undefined })
    expect(now()).toEqual(['bob'])
  })

  test('G1: before SDK_READY nothing is received, since nobody can tell how old it is', () => {
    const { chat, now } = createReceiver()
    chat.isLoggedIn = false
    arrive(chat, start)
    chat.isLoggedIn = true
    expect(now()).toEqual([])
  })

  test.each([0, 250, 500, 999])(
    'G1: in whole seconds, with the clock %i ms into one: a message of 2 s is received, one of 3 s is not',
    (ms) => {
      vi.setSystemTime(1_795_175_566_000 + ms)
      const countReceivedAt = (age: number, also: object = {}) => {
        const chat = createFakeChat()
        const received: OnlineMessage[] = []
        createTencentChatTransport(chat).subscribe(bob, { message: (message) => received.push(message), typists() {} })
        const time = Math.floor((Date.now() - age) / 1000)
        arrive(chat, start, { time, clientTime: time, ...also })
        return received.length
      }
      for (const age of [-1000, 0, 500, 1000, 1500, 2000]) expect(countReceivedAt(age)).toBe(1)
      for (const age of [3000, 3500, 15_000, 3_600_000]) {
        expect(countReceivedAt(age)).toBe(0)
        // What the SDK sends again after a reconnect is fresh by one of the two times.
        const fresh = Math.floor(Date.now() / 1000)
        expect(countReceivedAt(age, { time: fresh })).toBe(0)
        expect(countReceivedAt(age, { clientTime: fresh })).toBe(0)
      }
    },
  )
})

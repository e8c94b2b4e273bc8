import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createError } from '../../src/core/errors.ts'
import {
  createOnlineMessageClient,
  type OnlineMessage,
  type OnlineMessageClient,
  type OnlineMessageClientOptions,
  type OnlineMessageError,
  type SendFailure,
} from '../../src/core/index.ts'
import { createFakeTransport, type FakeTransport } from '../support/fake-transport.ts'
import { mapEntriesLeftBy } from '../support/map-entries.ts'

const ann = { id: 'ann', name: 'Ann' }
const withAnn = { user: 'ann' }
const team = { group: 'team' }
const forbidden: SendFailure = { ok: false, code: 'forbidden', message: 'You may not.' }

interface TestClient {
  readonly client: OnlineMessageClient
  readonly transport: FakeTransport
  readonly errors: OnlineMessageError[]
}

function createTestClient(options?: Omit<OnlineMessageClientOptions, 'transport'>): TestClient {
  const transport = createFakeTransport()
  const errors: OnlineMessageError[] = []
  const client = createOnlineMessageClient({ transport, onError: (error) => errors.push(error), ...options })
  return { client, transport, errors }
}

const leaseFrom = (from = ann, ttl = 7000, since = 1): OnlineMessage => ({
  conversation: withAnn,
  command: 'textInput',
  data: { ttl, activity: 'typing', since },
  from,
})
const message = (command: string, data: unknown): OnlineMessage => ({ conversation: withAnn, command, data, from: ann })

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllEnvs()
  vi.useRealTimers()
})

describe('createOnlineMessageClient', () => {
  test('is inert: it sends nothing, subscribes to nothing and starts no timer', () => {
    const { client, transport } = createTestClient()
    client.typing(withAnn)
    client.typists(withAnn).getState()
    client.clearTypist(withAnn, 'ann')
    client.typing(withAnn).stop()
    expect(transport.sent).toEqual([])
    expect(transport.subscribeCalls()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([0, 499, 50_001, Infinity, NaN, -1])('%d ms are out of range: the error says the fix', (ms) => {
    expect(() => createTestClient({ heartbeatInterval: ms })).toThrow(
      createError(RangeError, 'invalid-option', `heartbeatInterval is ${ms}. Give milliseconds from 500 to 50000.`),
    )
    expect(() => createTestClient({ idleTimeout: ms })).toThrow(
      createError(RangeError, 'invalid-option', `idleTimeout is ${ms}. Give milliseconds from 500 to 50000.`),
    )
  })

  test.each([500, 50_000])('%d ms are in range', (ms) => {
    expect(() => createTestClient({ heartbeatInterval: ms, idleTimeout: ms })).not.toThrow()
  })

  test('has the connection of its transport', () => {
    const { client, transport } = createTestClient()
    const listener = vi.fn()
    client.connection.subscribe(listener)
    transport.connection.setState('offline')
    expect(client.connection.getState()).toBe('offline')
    expect(listener).toHaveBeenCalledTimes(1)
  })
})

describe('send', () => {
  test('passes the message and its options to the transport, and returns its answer', async () => {
    const { client, transport } = createTestClient()
    transport.answer({ ok: true, recipients: 3 })
    await expect(client.send(team, 'wave', { n: 1 }, { priority: 'low' })).resolves.toEqual({ ok: true, recipients: 3 })
    expect(transport.sent).toEqual([
      { conversation: team, command: 'wave', data: { n: 1 }, priority: 'low', confirm: undefined },
    ])
  })

  test('needs neither data nor options', async () => {
    const { client, transport } = createTestClient()
    await client.send(team, 'wave')
    expect(transport.sent).toMatchObject([{ command: 'wave', data: undefined, priority: undefined }])
  })

  test('a failure is the answer, and is not reported: the caller awaits it', async () => {
    const { client, transport, errors } = createTestClient()
    transport.answer(forbidden)
    await expect(client.send(team, 'wave')).resolves.toEqual(forbidden)
    expect(errors).toEqual([])
  })

  test('a message whose signal is aborted already is not sent', async () => {
    const { client, transport } = createTestClient()
    const result = await client.send(team, 'wave', undefined, { signal: AbortSignal.abort() })
    expect(result).toEqual({ ok: false, code: 'aborted', message: expect.stringContaining('was aborted') as string })
    expect(transport.sent).toEqual([])
  })

  test('another signal goes to the transport, which honours it until the message is written', async () => {
    const { client, transport } = createTestClient()
    const { signal } = new AbortController()
    await client.send(team, 'wave', undefined, { signal })
    expect(transport.sent).toHaveLength(1)
    expect(transport.sent[0]!.signal).toBe(signal)
    expect(transport.sent[0]!.confirm).not.toBe(false)
  })
})

describe('subscribe', () => {
  test('receives its own command only', () => {
    const { client, transport } = createTestClient()
    const received: unknown[] = []
    client.subscribe(withAnn, 'wave', ({ data }) => received.push(data))
    transport.message(message('wave', 1))
    transport.message(message('nod', 2))
    transport.message(leaseFrom())
    transport.typists({ typists: [], total: 0 })
    expect(received).toEqual([1])
  })

  test('passes on the whole message as it arrived', () => {
    const { client, transport } = createTestClient()
    const listener = vi.fn()
    client.subscribe(withAnn, 'wave', listener)
    const whole = message('wave', { n: 1 })
    transport.message(whole)
    expect(listener).toHaveBeenCalledExactlyOnceWith(whole)
  })

  test('unsubscribing ends the subscription of its own listener only', () => {
    const { client, transport } = createTestClient()
    const received: string[] = []
    const first = client.subscribe(withAnn, 'wave', () => received.push('first'))
    client.subscribe(withAnn, 'wave', () => received.push('second'))
    first()
    first()
    transport.message(message('wave', 1))
    expect(received).toEqual(['second'])
    expect(transport.subscriptions.size).toBe(1)
  })

  test('a refusal is reported with its conversation and command', () => {
    const { client, transport, errors } = createTestClient()
    client.subscribe(team, 'wave', () => {})
    transport.refuse(forbidden)
    expect(errors).toHaveLength(1)
    expect(errors[0]).toBeInstanceOf(Error)
    expect(errors[0]).toMatchObject({
      message: 'You may not.',
      code: 'forbidden',
      conversation: team,
      command: 'wave',
    })
  })
})

describe('typists', () => {
  test('T5: several subscribers share one subscription, from the first to the last', () => {
    const { client, transport } = createTestClient()
    const listeners = [vi.fn(), vi.fn(), vi.fn()]
    const unsubscribes = listeners.map((listener) => client.typists({ user: 'ann' }).subscribe(listener))
    expect(transport.subscribeCalls()).toBe(1)
    transport.message(leaseFrom())
    for (const listener of listeners) {
      expect(listener).toHaveBeenCalledExactlyOnceWith(
        { typists: [{ ...ann, activity: 'typing', since: 1 }], total: 1 },
        { typists: [], total: 0 },
      )
    }
    unsubscribes[0]?.()
    unsubscribes[1]?.()
    expect(transport.subscriptions.size).toBe(1)
    unsubscribes[2]?.()
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('another thread is another conversation', () => {
    const { client, transport } = createTestClient()
    client.typists(withAnn).subscribe(() => {})
    client.typists({ user: 'ann', thread: 't' }).subscribe(() => {})
    expect([...transport.subscriptions].map(({ conversation }) => conversation)).toEqual([
      { user: 'ann' },
      { user: 'ann', thread: 't' },
    ])
  })

  test("unsubscribing twice ends nobody else's subscription", () => {
    const { client, transport } = createTestClient()
    const unsubscribe = client.typists(withAnn).subscribe(() => {})
    const listener = vi.fn()
    client.typists(withAnn).subscribe(listener)
    unsubscribe()
    unsubscribe()
    transport.message(leaseFrom())
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('a stale unsubscribe does not end a later subscription', () => {
    const { client, transport } = createTestClient()
    const unsubscribe = client.typists(withAnn).subscribe(() => {})
    unsubscribe()
    const store = client.typists(withAnn)
    store.subscribe(() => {})
    unsubscribe()
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
  })

  test('subscribe, unsubscribe, subscribe (StrictMode) leaves one subscription, which starts empty', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    const listener = vi.fn()
    store.subscribe(listener)()
    store.subscribe(listener)
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getState().total).toBe(1)
  })

  test('R2: the state is the same object until it changes, in all stores of the conversation', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    expect(store.getState()).toBe(store.getInitialState())
    store.subscribe(() => {})
    transport.message(leaseFrom())
    const state = store.getState()
    transport.message(leaseFrom())
    expect(store.getState()).toBe(state)
    expect(client.typists(withAnn).getState()).toBe(state)
    expect(store.getInitialState()).toEqual({ typists: [], total: 0 })
  })

  test('the next subscriber finds nothing old', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    const unsubscribe = store.subscribe(() => {})
    transport.message(leaseFrom())
    unsubscribe()
    expect(store.getState().total).toBe(0)
    store.subscribe(() => {})
    expect(store.getState().total).toBe(0)
  })

  test("understands leases and typing updates, and ignores the app's messages", () => {
    const { client, transport } = createTestClient()
    const store = client.typists(team)
    store.subscribe(() => {})
    transport.message(message('wave', { ttl: 7000 }))
    expect(store.getState().total).toBe(0)
    transport.message({ ...leaseFrom(), data: 'nonsense' })
    expect(store.getState().total).toBe(0)
    transport.typists({ typists: [{ ...ann, activity: 'photo', since: 2 }], total: 12 })
    expect(store.getState()).toEqual({ typists: [{ ...ann, activity: 'photo', since: 2 }], total: 12 })
  })

  test.each(['offline', 'connecting'] as const)('R5: %s empties the list', (state) => {
    const { client, transport } = createTestClient()
    const listener = vi.fn()
    const store = client.typists(withAnn)
    store.subscribe(listener)
    transport.message(leaseFrom())
    transport.connection.setState(state)
    expect(store.getState().total).toBe(0)
    expect(listener).toHaveBeenCalledTimes(2)
    expect(vi.getTimerCount()).toBe(0)
    transport.connection.setState('online')
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
  })

  test('R5: after a sleep it subscribes again, and the last unsubscribe ends that subscription', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    const unsubscribe = store.subscribe(() => {})
    transport.message(leaseFrom(ann, 60_000))
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(1000)
    expect(store.getState().total).toBe(0)
    expect(transport.subscribeCalls()).toBe(2)
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
    unsubscribe()
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5: a subscriber may unsubscribe when a sleep empties the list', () => {
    const { client, transport } = createTestClient()
    const unsubscribe = client.typists(withAnn).subscribe(({ total }) => {
      if (!total) unsubscribe()
    })
    transport.message(leaseFrom(ann, 60_000))
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(1000)
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5: a reset of the transport empties the list, and nobody unsubscribes', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    store.subscribe(() => {})
    client.subscribe(withAnn, 'wave', () => {})
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
    transport.reset()
    expect(store.getState().total).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
    expect(transport.subscribeCalls()).toBe(2)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
  })

  test('keeps nothing of a conversation after its last subscriber', () => {
    const { client } = createTestClient()
    const entries = mapEntriesLeftBy(() => {
      for (const user of ['ann', 'bob', 'cy']) {
        client.typists({ user }).getState()
        client.typists({ user }).subscribe(() => {})()
      }
    })
    expect(entries).toBe(0)
  })

  test('R6: clearTypist removes a typist from its own conversation only', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    store.subscribe(() => {})
    transport.message(leaseFrom())
    client.clearTypist(team, 'ann')
    expect(store.getState().total).toBe(1)
    client.clearTypist({ user: 'ann' }, 'ann')
    expect(store.getState().total).toBe(0)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(0)
    transport.message(leaseFrom(ann, 7000, 2))
    expect(store.getState().total).toBe(1)
  })

  test.each([undefined, null, 7, {}, ''])(
    'R6: clearTypist throws in development when the id of the user is %j, which would remove nobody',
    (id) => {
      const { client } = createTestClient()
      const clear = () => client.clearTypist(withAnn, id as string)
      expect(clear).toThrow(TypeError)
      vi.stubEnv('NODE_ENV', 'production')
      expect(clear).not.toThrow()
    },
  )

  test('R6: a slow message does not remove the typing that began after it', () => {
    const { client, transport } = createTestClient()
    const store = client.typists(withAnn)
    store.subscribe(() => {})
    transport.message(leaseFrom(ann, 7000, 1))
    transport.message(leaseFrom(ann, 0, 1))
    vi.advanceTimersByTime(150)
    transport.message(leaseFrom(ann, 7000, 2))
    vi.advanceTimersByTime(150)
    client.clearTypist(withAnn, 'ann')
    expect(store.getState().total).toBe(1)
    client.clearTypist(withAnn, 'ann')
    expect(store.getState().total).toBe(0)
  })

  test('a refused subscription is reported and empties the list', () => {
    const { client, transport, errors } = createTestClient()
    const store = client.typists(team)
    store.subscribe(() => {})
    transport.message(leaseFrom())
    transport.refuse(forbidden)
    expect(store.getState().total).toBe(0)
    expect(errors).toMatchObject([{ code: 'forbidden', conversation: team, command: 'textInput' }])
  })

  test('a refusal because of being offline is not reported', () => {
    const { client, transport, errors } = createTestClient()
    client.typists(team).subscribe(() => {})
    client.subscribe(team, 'wave', () => {})
    transport.refuse({ ok: false, code: 'offline', message: 'Not connected.' })
    expect(errors).toEqual([])
  })

  test('subscribes to the connection while the store has subscribers, and no longer', () => {
    const { client, transport } = createTestClient()
    const subscribe = vi.spyOn(transport.connection, 'subscribe')
    const unsubscribe = client.typists(team).subscribe(() => {})
    client.typists(team).subscribe(() => {})()
    expect(subscribe).toHaveBeenCalledTimes(1)
    const unsubscribeFromConnection = vi.fn()
    subscribe.mockReturnValue(unsubscribeFromConnection)
    unsubscribe()
    client.typists(team).subscribe(() => {})()
    expect(unsubscribeFromConnection).toHaveBeenCalledTimes(1)
  })
})

describe('typing', () => {
  const ttls = ({ sent }: FakeTransport) => sent.map(({ data }) => (data as { ttl: number }).ttl)

  test('sends an online message whose command is textInput, unconfirmed', () => {
    const { client, transport } = createTestClient({ heartbeatInterval: 1000 })
    const typing = client.typing(team)
    typing.keystroke()
    expect(transport.sent).toEqual([
      {
        conversation: team,
        command: 'textInput',
        data: { ttl: 3000, activity: 'typing', since: 1_000_000 },
        confirm: false,
      },
    ])
    typing.stop()
  })

  test('all handles of a conversation share one lease', () => {
    const { client, transport } = createTestClient()
    const first = client.typing({ user: 'ann' })
    const second = client.typing({ user: 'ann', thread: undefined })
    first.keystroke()
    second.keystroke()
    expect(ttls(transport)).toEqual([7000])
    first.stop()
    expect(ttls(transport)).toEqual([7000])
    second.stop()
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S7: a handle that another call has returned ends nothing, also when it is destructured', () => {
    const { client, transport } = createTestClient()
    const { startActivity, stop } = client.typing(withAnn)
    const another = client.typing(withAnn)
    startActivity('recording')
    another.keystroke('a')
    another.keystroke('')
    another.stop()
    expect(ttls(transport)).toEqual([7000])
    stop()
    expect(ttls(transport)).toEqual([7000, 0])
  })

  test('each conversation has a lease of its own', () => {
    const { client, transport } = createTestClient()
    const typing = client.typing(withAnn)
    typing.keystroke()
    client.typing(team).keystroke()
    typing.stop()
    expect(ttls(transport)).toEqual([7000, 7000, 0])
  })

  test('S3: ends after idleTimeout, as configured', () => {
    const { client, transport } = createTestClient({ idleTimeout: 1500 })
    client.typing(withAnn).keystroke()
    vi.advanceTimersByTime(1499)
    expect(ttls(transport)).toEqual([7000])
    vi.advanceTimersByTime(1)
    expect(ttls(transport)).toEqual([7000, 0])
  })

  test('S4: a keystroke with an empty text stops typing', () => {
    const { client, transport } = createTestClient()
    const { keystroke } = client.typing(withAnn)
    keystroke('')
    expect(ttls(transport)).toEqual([])
    keystroke('a')
    keystroke('')
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S6: a keystroke with an unchanged text is ignored', () => {
    const { client, transport } = createTestClient()
    const { keystroke } = client.typing(withAnn)
    keystroke('a')
    vi.advanceTimersByTime(3000)
    keystroke('a')
    vi.advanceTimersByTime(1000)
    expect(ttls(transport)).toEqual([7000, 0])
    keystroke('a')
    expect(ttls(transport)).toEqual([7000, 0])
    keystroke('ab')
    expect(ttls(transport)).toEqual([7000, 0, 7000])
  })

  test('after a stop the same text counts again: somebody has typed it once more', () => {
    const { client, transport } = createTestClient()
    const { keystroke, stop } = client.typing(withAnn)
    keystroke('a')
    stop()
    keystroke('a')
    expect(ttls(transport)).toEqual([7000, 0, 7000])
  })

  test('S4: a keystroke with a function always counts, and the function is called before a renewal', () => {
    const { client, transport } = createTestClient()
    const { keystroke } = client.typing(withAnn)
    let text = 'a'
    const read = () => text
    keystroke(read)
    vi.advanceTimersByTime(3000)
    keystroke(read)
    vi.advanceTimersByTime(1500)
    text = ''
    vi.advanceTimersByTime(500)
    expect(ttls(transport)).toEqual([7000, 0])
    keystroke(read)
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('startActivity shows an activity until it ends', () => {
    const { client, transport } = createTestClient()
    const endActivity = client.typing(withAnn).startActivity('recording')
    vi.advanceTimersByTime(5000)
    endActivity()
    endActivity()
    expect(transport.sent.map(({ data }) => data)).toMatchObject([
      { ttl: 7000, activity: 'recording' },
      { ttl: 7000, activity: 'recording' },
      { ttl: 0, activity: 'recording' },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('startActivity ends the activity when its signal is aborted', () => {
    const { client, transport } = createTestClient()
    const controller = new AbortController()
    const endActivity = client.typing(withAnn).startActivity('recording', { signal: controller.signal })
    expect(ttls(transport)).toEqual([7000])
    controller.abort()
    expect(ttls(transport)).toEqual([7000, 0])
    endActivity()
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('startActivity with a signal that is aborted already begins nothing', () => {
    const { client, transport } = createTestClient()
    const endActivity = client.typing(withAnn).startActivity('recording', { signal: AbortSignal.abort() })
    endActivity()
    expect(transport.sent).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S7: an activity that has ended is not ended again by its signal', () => {
    const { client, transport } = createTestClient()
    const controller = new AbortController()
    const unregister = vi.spyOn(controller.signal, 'removeEventListener')
    client.typing(withAnn).startActivity('file', { signal: controller.signal })()
    expect(unregister).toHaveBeenCalledExactlyOnceWith('abort', expect.any(Function))
    const endActivity = client.typing(withAnn).startActivity('file')
    controller.abort()
    expect(ttls(transport)).toEqual([7000, 0, 7000])
    endActivity()
  })

  test('keeps nothing of a conversation after its session', () => {
    const { client } = createTestClient()
    const entries = mapEntriesLeftBy(() => {
      for (const user of ['ann', 'bob', 'cy']) {
        const typing = client.typing({ user })
        typing.keystroke()
        typing.stop()
      }
    })
    expect(entries).toBe(0)
  })

  test('a refused lease is reported; being offline is not', async () => {
    const { client, transport, errors } = createTestClient()
    const typing = client.typing(team)
    transport.answer({ ok: false, code: 'offline', message: 'Not connected.' })
    typing.keystroke()
    await vi.advanceTimersByTimeAsync(0)
    expect(errors).toEqual([])
    typing.stop()
    transport.answer(forbidden)
    typing.keystroke()
    await vi.advanceTimersByTimeAsync(0)
    expect(errors).toMatchObject([{ code: 'forbidden', conversation: team, command: 'textInput' }])
    typing.stop()
  })
})

describe('without onError', () => {
  test('in development a failure that nobody awaits is a warning', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = createTestClient({ onError: undefined })
    client.subscribe(team, 'wave', () => {})
    transport.refuse(forbidden)
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      'No caller awaits this failure. Handle it with onError of the client. (react-online-message: forbidden)',
      expect.objectContaining({ code: 'forbidden', message: 'You may not.' }),
    )
  })

  test('in production it is silent, and the numbers are not checked', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = createTestClient({ onError: undefined, idleTimeout: 1 })
    client.subscribe(team, 'wave', () => {})
    transport.refuse(forbidden)
    expect(warn).not.toHaveBeenCalled()
  })
})

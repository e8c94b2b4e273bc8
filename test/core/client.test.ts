import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import {
  createOnlineMessageClient,
  type OnlineMessage,
  type OnlineMessageClient,
  type OnlineMessageClientOptions,
  type OnlineMessageError,
  type SendFailure,
} from '../../src/core/index.ts'
import { createFakeTransport, type FakeTransport } from '../support/fake-transport.ts'

const ann = { id: 'ann', name: 'Ann' }
const withAnn = { user: 'ann' }
const team = { group: 'team' }
const forbidden: SendFailure = { ok: false, code: 'forbidden', message: 'You may not.' }

interface Rig {
  readonly client: OnlineMessageClient
  readonly transport: FakeTransport
  readonly errors: OnlineMessageError[]
}

function createRig(options?: Omit<OnlineMessageClientOptions, 'transport'>): Rig {
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
  test('is inert: nothing is sent, heard or timed', () => {
    const { client, transport } = createRig()
    client.typing(withAnn)
    client.typists(withAnn).getState()
    client.clearTypist(withAnn, 'ann')
    client.typing(withAnn).stop()
    expect(transport.sent).toEqual([])
    expect(transport.joins()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test.each([0, 499, 50_001, Infinity, NaN, -1])('refuses %d ms, and says the fix', (ms) => {
    expect(() => createRig({ heartbeatInterval: ms })).toThrow(RangeError)
    expect(() => createRig({ idleTimeout: ms })).toThrow('give 500 to 50000')
  })

  test.each([500, 50_000])('takes %d ms', (ms) => {
    expect(() => createRig({ heartbeatInterval: ms, idleTimeout: ms })).not.toThrow()
  })

  test('gives the connection of its transport', () => {
    const { client, transport } = createRig()
    const listener = vi.fn()
    client.connection.subscribe(listener)
    transport.connection.setState('offline')
    expect(client.connection.getState()).toBe('offline')
    expect(listener).toHaveBeenCalledTimes(1)
  })
})

describe('send', () => {
  test('gives the message and its priority to the transport, and its answer back', async () => {
    const { client, transport } = createRig()
    transport.answer({ ok: true, recipients: 3 })
    await expect(client.send(team, 'wave', { n: 1 }, { priority: 'low' })).resolves.toEqual({ ok: true, recipients: 3 })
    expect(transport.sent).toEqual([
      { conversation: team, command: 'wave', data: { n: 1 }, priority: 'low', confirm: undefined },
    ])
  })

  test('needs neither data nor options', async () => {
    const { client, transport } = createRig()
    await client.send(team, 'wave')
    expect(transport.sent).toMatchObject([{ command: 'wave', data: undefined, priority: undefined }])
  })

  test('answers a failure, and reports nothing: somebody awaits it', async () => {
    const { client, transport, errors } = createRig()
    transport.answer(forbidden)
    await expect(client.send(team, 'wave')).resolves.toEqual(forbidden)
    expect(errors).toEqual([])
  })

  test('an aborted signal keeps it from being sent', async () => {
    const { client, transport } = createRig()
    const result = await client.send(team, 'wave', undefined, { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ok: false, code: 'timeout' })
    expect(transport.sent).toEqual([])
    await client.send(team, 'wave', undefined, { signal: new AbortController().signal })
    expect(transport.sent).toHaveLength(1)
  })
})

describe('subscribe', () => {
  test('hears its own command only', () => {
    const { client, transport } = createRig()
    const heard: unknown[] = []
    client.subscribe(withAnn, 'wave', ({ data }) => heard.push(data))
    transport.message(message('wave', 1))
    transport.message(message('nod', 2))
    transport.message(leaseFrom())
    transport.typists({ typists: [], total: 0 })
    expect(heard).toEqual([1])
  })

  test('gives the whole message as it came', () => {
    const { client, transport } = createRig()
    const listener = vi.fn()
    client.subscribe(withAnn, 'wave', listener)
    const whole = message('wave', { n: 1 })
    transport.message(whole)
    expect(listener).toHaveBeenCalledExactlyOnceWith(whole)
  })

  test('ends when asked, once and for its own listener only', () => {
    const { client, transport } = createRig()
    const heard: string[] = []
    const first = client.subscribe(withAnn, 'wave', () => heard.push('first'))
    client.subscribe(withAnn, 'wave', () => heard.push('second'))
    first()
    first()
    transport.message(message('wave', 1))
    expect(heard).toEqual(['second'])
    expect(transport.subscriptions.size).toBe(1)
  })

  test('a refusal is reported with its conversation and command', () => {
    const { client, transport, errors } = createRig()
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
  test('several watchers share one room, from the first to the last', () => {
    const { client, transport } = createRig()
    const listeners = [vi.fn(), vi.fn(), vi.fn()]
    const offs = listeners.map((listener) => client.typists({ user: 'ann' }).subscribe(listener))
    expect(transport.joins()).toBe(1)
    transport.message(leaseFrom())
    for (const listener of listeners) {
      expect(listener).toHaveBeenCalledExactlyOnceWith(
        { typists: [{ ...ann, activity: 'typing', since: 1 }], total: 1 },
        { typists: [], total: 0 },
      )
    }
    offs[0]?.()
    offs[1]?.()
    expect(transport.subscriptions.size).toBe(1)
    offs[2]?.()
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('another thread is another room', () => {
    const { client, transport } = createRig()
    client.typists(withAnn).subscribe(() => {})
    client.typists({ user: 'ann', thread: 't' }).subscribe(() => {})
    expect([...transport.subscriptions].map(({ conversation }) => conversation)).toEqual([
      { user: 'ann' },
      { user: 'ann', thread: 't' },
    ])
  })

  test('unsubscribing twice takes nobody else off', () => {
    const { client, transport } = createRig()
    const off = client.typists(withAnn).subscribe(() => {})
    const listener = vi.fn()
    client.typists(withAnn).subscribe(listener)
    off()
    off()
    transport.message(leaseFrom())
    expect(listener).toHaveBeenCalledTimes(1)
  })

  test('an old unsubscribe does not close a later room', () => {
    const { client, transport } = createRig()
    const off = client.typists(withAnn).subscribe(() => {})
    off()
    const store = client.typists(withAnn)
    store.subscribe(() => {})
    off()
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
  })

  test('subscribe, unsubscribe, subscribe (StrictMode) listens once and starts empty', () => {
    const { client, transport } = createRig()
    const store = client.typists(withAnn)
    const listener = vi.fn()
    store.subscribe(listener)()
    store.subscribe(listener)
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(listener).toHaveBeenCalledTimes(1)
    expect(store.getState().total).toBe(1)
  })

  test('the state is the same object until it changes, for all stores of the conversation (R2)', () => {
    const { client, transport } = createRig()
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

  test('nothing old is left for the next watcher', () => {
    const { client, transport } = createRig()
    const store = client.typists(withAnn)
    const off = store.subscribe(() => {})
    transport.message(leaseFrom())
    off()
    expect(store.getState().total).toBe(0)
    store.subscribe(() => {})
    expect(store.getState().total).toBe(0)
  })

  test('takes leases and digests, and lets app messages pass', () => {
    const { client, transport } = createRig()
    const store = client.typists(team)
    store.subscribe(() => {})
    transport.message(message('wave', { ttl: 7000 }))
    expect(store.getState().total).toBe(0)
    transport.message({ ...leaseFrom(), data: 'nonsense' })
    expect(store.getState().total).toBe(0)
    transport.typists({ typists: [{ ...ann, activity: 'photo', since: 2 }], total: 12 })
    expect(store.getState()).toEqual({ typists: [{ ...ann, activity: 'photo', since: 2 }], total: 12 })
  })

  test.each(['offline', 'connecting'] as const)('R5 %s empties the list', (state) => {
    const { client, transport } = createRig()
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

  test('R5 after a sleep the conversation is listened to anew, and left with its last watcher', () => {
    const { client, transport } = createRig()
    const store = client.typists(withAnn)
    const off = store.subscribe(() => {})
    transport.message(leaseFrom(ann, 60_000))
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(1000)
    expect(store.getState().total).toBe(0)
    expect(transport.joins()).toBe(2)
    expect(transport.subscriptions.size).toBe(1)
    transport.message(leaseFrom())
    expect(store.getState().total).toBe(1)
    off()
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5 whoever leaves because the sleep emptied the list is gone', () => {
    const { client, transport } = createRig()
    const off = client.typists(withAnn).subscribe(({ total }) => {
      if (!total) off()
    })
    transport.message(leaseFrom(ann, 60_000))
    vi.setSystemTime(Date.now() + 60_000)
    vi.advanceTimersByTime(1000)
    expect(transport.subscriptions.size).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R6 clearTypist takes them off in its own conversation', () => {
    const { client, transport } = createRig()
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

  test('refused listening is reported and empties the list', () => {
    const { client, transport, errors } = createRig()
    const store = client.typists(team)
    store.subscribe(() => {})
    transport.message(leaseFrom())
    transport.refuse(forbidden)
    expect(store.getState().total).toBe(0)
    expect(errors).toMatchObject([{ code: 'forbidden', conversation: team, command: 'textInput' }])
  })

  test('refused for being offline is not reported', () => {
    const { client, transport, errors } = createRig()
    client.typists(team).subscribe(() => {})
    client.subscribe(team, 'wave', () => {})
    transport.refuse({ ok: false, code: 'offline', message: 'Not connected.' })
    expect(errors).toEqual([])
  })

  test('the connection is watched while the room is, and no longer', () => {
    const { client, transport } = createRig()
    const watch = vi.spyOn(transport.connection, 'subscribe')
    const off = client.typists(team).subscribe(() => {})
    client.typists(team).subscribe(() => {})()
    expect(watch).toHaveBeenCalledTimes(1)
    const unwatch = vi.fn()
    watch.mockReturnValue(unwatch)
    off()
    client.typists(team).subscribe(() => {})()
    expect(unwatch).toHaveBeenCalledTimes(1)
  })
})

describe('typing', () => {
  const ttls = ({ sent }: FakeTransport) => sent.map(({ data }) => (data as { ttl: number }).ttl)

  test('is an online message whose command is textInput, unconfirmed', () => {
    const { client, transport } = createRig({ heartbeatInterval: 1000 })
    client.typing(team).keystroke()
    expect(transport.sent).toEqual([
      {
        conversation: team,
        command: 'textInput',
        data: { ttl: 3000, activity: 'typing', since: 1_000_000 },
        confirm: false,
      },
    ])
    client.typing(team).stop()
  })

  test('every handle of a conversation shares one lease', () => {
    const { client, transport } = createRig()
    client.typing({ user: 'ann' }).keystroke()
    client.typing({ user: 'ann', thread: undefined }).keystroke()
    expect(ttls(transport)).toEqual([7000])
    client.typing({ user: 'ann' }).stop()
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('conversations have leases of their own', () => {
    const { client, transport } = createRig()
    client.typing(withAnn).keystroke()
    client.typing(team).keystroke()
    client.typing(withAnn).stop()
    expect(ttls(transport)).toEqual([7000, 7000, 0])
  })

  test('S3 ends after idle, as configured', () => {
    const { client, transport } = createRig({ idleTimeout: 1500 })
    client.typing(withAnn).keystroke()
    vi.advanceTimersByTime(1499)
    expect(ttls(transport)).toEqual([7000])
    vi.advanceTimersByTime(1)
    expect(ttls(transport)).toEqual([7000, 0])
  })

  test('S4 keystroke with an empty text is a stop', () => {
    const { client, transport } = createRig()
    const { keystroke } = client.typing(withAnn)
    keystroke('')
    expect(ttls(transport)).toEqual([])
    keystroke('a')
    keystroke('')
    expect(ttls(transport)).toEqual([7000, 0])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('S6 keystroke with an unchanged text is ignored', () => {
    const { client, transport } = createRig()
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

  test('after a stop the same text counts again: it was typed anew', () => {
    const { client, transport } = createRig()
    const { keystroke, stop } = client.typing(withAnn)
    keystroke('a')
    stop()
    keystroke('a')
    expect(ttls(transport)).toEqual([7000, 0, 7000])
  })

  test('keystroke with a reader always counts, and is asked before a renewal (S4)', () => {
    const { client, transport } = createRig()
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

  test('hold shows an activity until released', () => {
    const { client, transport } = createRig()
    const release = client.typing(withAnn).startActivity('recording')
    vi.advanceTimersByTime(5000)
    release()
    release()
    expect(transport.sent.map(({ data }) => data)).toMatchObject([
      { ttl: 7000, activity: 'recording' },
      { ttl: 7000, activity: 'recording' },
      { ttl: 0, activity: 'recording' },
    ])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a refused lease is reported, being offline is not', async () => {
    const { client, transport, errors } = createRig()
    transport.answer({ ok: false, code: 'offline', message: 'Not connected.' })
    client.typing(team).keystroke()
    await vi.advanceTimersByTimeAsync(0)
    expect(errors).toEqual([])
    client.typing(team).stop()
    transport.answer(forbidden)
    client.typing(team).keystroke()
    await vi.advanceTimersByTimeAsync(0)
    expect(errors).toMatchObject([{ code: 'forbidden', conversation: team, command: 'textInput' }])
    client.typing(team).stop()
  })
})

describe('without onError', () => {
  test('in development what nobody awaited is a warning', () => {
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = createRig({ onError: undefined })
    client.subscribe(team, 'wave', () => {})
    transport.refuse(forbidden)
    expect(warn).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ code: 'forbidden', message: 'You may not.' }),
    )
  })

  test('in production it is silent, and numbers are not checked', () => {
    vi.stubEnv('NODE_ENV', 'production')
    const warn = vi.spyOn(console, 'warn').mockReturnValue()
    const { client, transport } = createRig({ onError: undefined, idleTimeout: 1 })
    client.subscribe(team, 'wave', () => {})
    transport.refuse(forbidden)
    expect(warn).not.toHaveBeenCalled()
  })
})

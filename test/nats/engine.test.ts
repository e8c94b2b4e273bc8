import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { NatsConnection } from '../../src/nats/connection.ts'
import { createNatsEngine } from '../../src/nats/engine.ts'
import { createNatsBus } from '../../src/nats/index.ts'
import { laterAnswer } from '../support/later-answer.ts'
import { pass } from '../support/pass.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

type Callback = Parameters<NatsConnection['subscribe']>[1]['callback']

/** A connection whose server answers at once, until a test decides otherwise. */
function createFakeConnection({ isConnected = true } = {}) {
  const sent: string[] = []
  const callbacks = new Map<string, Callback>()
  const statuses: string[] = []
  let wake = () => {}
  let isClosed = false
  const fake = {
    sent,
    /** How often `status()` has been called. */
    watchers: 0,
    flush: (): Promise<unknown> => Promise.resolve(),
    /** Something happens to the connection. */
    async emit(type: string) {
      statuses.push(type)
      wake()
      await pass(0)
    },
    async close() {
      isClosed = true
      wake()
      await pass(0)
    },
    receive(subject: string, message: string, error: Error | null = null) {
      callbacks.get(subject)!(error, { data: new TextEncoder().encode(message) })
    },
  }
  const connection: NatsConnection = {
    publish(subject, payload) {
      if (payload.length > 100) throw new Error('MAX_PAYLOAD_EXCEEDED')
      sent.push(`publish ${subject} ${new TextDecoder().decode(payload)}`)
    },
    subscribe(subject, { callback }) {
      sent.push(`subscribe ${subject}`)
      callbacks.set(subject, callback)
      return { unsubscribe: () => void sent.push(`unsubscribe ${subject}`) }
    },
    async flush() {
      sent.push('ping')
      await fake.flush()
    },
    async *status() {
      fake.watchers++
      while (!isClosed) {
        const type = statuses.shift()
        if (type !== undefined) yield { type }
        else await new Promise<void>((resolve) => (wake = resolve))
      }
    },
    isClosed: () => isClosed,
    ...(isConnected ? { info: {} } : {}),
  }
  return { fake, connection }
}

function setUp(options?: { isConnected: boolean }) {
  const { fake, connection } = createFakeConnection(options)
  const events: string[] = []
  const engine = createNatsEngine(connection, {
    onActive: (subject) => events.push(`active ${subject}`),
    onMessage: (subject, message) => events.push(`message ${subject} ${message}`),
  })
  /** What has been sent since the last call. */
  const sent = () => fake.sent.splice(0)
  return { fake, engine, events, sent }
}

async function setUpActive() {
  const all = setUp()
  all.engine.open('a')
  await pass(0)
  expect(all.events.splice(0)).toEqual(['active a'])
  all.sent()
  return all
}

test('B5: a subject is active when the server has answered a ping, one for all subjects of a tick', async () => {
  const { engine, events, sent } = setUp()
  engine.open('a')
  engine.open('b')
  expect(engine.isActive('a')).toBe(false)
  expect(sent()).toEqual(['subscribe a', 'subscribe b'])
  await pass(0)
  expect(sent()).toEqual(['ping'])
  expect(events).toEqual(['active a', 'active b'])
  expect(['a', 'b', 'c'].map(engine.isActive)).toEqual([true, true, false])
  engine.open('c')
  await pass(0)
  expect(sent()).toEqual(['subscribe c', 'ping'])
  expect(events).toEqual(['active a', 'active b', 'active c'])
})

test('B5: a ping confirms what was subscribed before it, and nothing else', async () => {
  const { fake, engine, events } = setUp()
  const first = laterAnswer()
  fake.flush = () => first.answer
  engine.open('a')
  await pass(0)
  const second = laterAnswer()
  fake.flush = () => second.answer
  engine.open('b')
  await pass(0)
  first.resolve(undefined)
  await pass(0)
  expect(events).toEqual(['active a'])
  second.resolve(undefined)
  await pass(0)
  expect(events).toEqual(['active a', 'active b'])
})

test('B6: a subject that is closed before the answer does not become active, and one opened again needs a ping of its own', async () => {
  const { fake, engine, events, sent } = setUp()
  const first = laterAnswer()
  fake.flush = () => first.answer
  engine.open('a')
  engine.open('b')
  await pass(0)
  engine.close('a')
  engine.close('b')
  expect(sent()).toContain('unsubscribe a')
  const second = laterAnswer()
  fake.flush = () => second.answer
  engine.open('b')
  await pass(0)
  first.resolve(undefined)
  await pass(0)
  expect(events).toEqual([])
  expect(['a', 'b'].map(engine.isActive)).toEqual([false, false])
  second.resolve(undefined)
  await pass(0)
  expect(events).toEqual(['active b'])
})

test('B6: a closed subject is not active', async () => {
  const { engine, sent } = await setUpActive()
  engine.close('a')
  expect(engine.isActive('a')).toBe(false)
  expect(sent()).toEqual(['unsubscribe a'])
  engine.close('a')
})

test('B2: a message arrives as it was published, and an error of the subscription does not', async () => {
  const { fake, events } = await setUpActive()
  fake.receive('a', '\uFEFFx ü')
  fake.receive('a', '', new Error('no permission'))
  expect(events).toEqual(['message a \uFEFFx ü'])
})

test('B12: a lost connection makes all subjects inactive, and the new one confirms them', async () => {
  const { fake, engine, events, sent } = await setUpActive()
  engine.open('b')
  await pass(0)
  events.length = 0
  sent()
  await fake.emit('update')
  expect(engine.isActive('a')).toBe(true)
  await fake.emit('disconnect')
  expect(['a', 'b'].map(engine.isActive)).toEqual([false, false])
  await fake.emit('reconnecting')
  expect(events).toEqual([])
  expect(sent()).toEqual([])
  await fake.emit('reconnect')
  expect(sent()).toEqual(['ping'])
  expect(events).toEqual(['active a', 'active b'])
})

test('B12: a ping that a lost connection did not answer confirms nothing', async () => {
  const { fake, engine, events } = setUp()
  fake.flush = () => Promise.reject(new Error('CONNECTION_CLOSED'))
  engine.open('a')
  await pass(0)
  expect(engine.isActive('a')).toBe(false)
  expect(events).toEqual([])
  fake.flush = () => Promise.resolve()
  await fake.emit('reconnect')
  expect(events).toEqual(['active a'])
})

test('T1: during an interruption nothing is published', async () => {
  const { fake, engine, sent } = await setUpActive()
  await fake.emit('disconnect')
  engine.publish('a', 'lost')
  expect(sent()).toEqual([])
  await fake.emit('reconnect')
  sent()
  engine.publish('a', 'x')
  expect(sent()).toContain('publish a x')
})

test('T1: a publisher without subscriptions notices an interruption, too', async () => {
  const { fake, engine, sent } = setUp()
  engine.publish('a', 'x')
  await pass(0)
  expect(sent()).toEqual(['ping', 'publish a x'])
  await fake.emit('disconnect')
  engine.publish('a', 'lost')
  expect(sent()).toEqual([])
})

test('T1: a connection that has never been connected gets nothing until it is', async () => {
  const { fake, engine, sent } = setUp({ isConnected: false })
  engine.publish('a', 'lost')
  expect(sent()).toEqual([])
  await fake.emit('reconnect')
  sent()
  engine.publish('a', 'x')
  expect(sent()).toContain('publish a x')
})

test('the connection is watched once', async () => {
  const { fake, engine } = await setUpActive()
  engine.open('b')
  engine.publish('a', 'x')
  await pass(0)
  expect(fake.watchers).toBe(1)
})

test('a publishing node pings the server every second', async () => {
  const { engine, sent } = await setUpActive()
  engine.publish('a', '1')
  await pass(999)
  engine.publish('a', '2')
  expect(sent()).toEqual(['ping', 'publish a 1', 'publish a 2'])
  await pass(1)
  engine.publish('a', '3')
  expect(sent()).toEqual(['ping', 'publish a 3'])
})

test('T1: after a second without an answer messages are dropped until the server answers', async () => {
  const { fake, engine, sent } = await setUpActive()
  await pass(5000)
  const ping = laterAnswer()
  fake.flush = () => ping.answer
  engine.publish('a', '1')
  await pass(1000)
  engine.publish('a', '2')
  expect(sent()).toEqual(['ping', 'publish a 1', 'publish a 2'])
  await pass(1)
  engine.publish('a', 'dropped')
  expect(sent()).toEqual([])
  ping.resolve(undefined)
  await pass(0)
  engine.publish('a', '3')
  expect(sent()).toContain('publish a 3')
})

test('T1: a new connection does not wait for the answer of the old one', async () => {
  const { fake, engine, sent } = await setUpActive()
  fake.flush = () => new Promise(() => {})
  engine.publish('a', '1')
  await pass(5000)
  await fake.emit('disconnect')
  await fake.emit('reconnect')
  sent()
  engine.publish('a', '2')
  expect(sent()).toContain('publish a 2')
})

test('a message that the server does not take is dropped', async () => {
  const { engine, sent } = await setUpActive()
  engine.publish('a', 'x'.repeat(101))
  engine.publish('a', 'x')
  expect(sent()).toEqual(['ping', 'publish a x'])
})

test('a closed connection is not used any more', async () => {
  const { fake, engine, events, sent } = await setUpActive()
  await fake.close()
  engine.publish('a', 'x')
  engine.open('b')
  engine.close('a')
  engine.close('b')
  await pass(0)
  expect(sent()).toEqual([])
  expect(events).toEqual([])
})

test('a connection that is closed before a ping is not pinged, and nothing on it is active', async () => {
  const { fake, engine, events, sent } = setUp()
  engine.open('a')
  await fake.close()
  expect(sent()).toEqual(['subscribe a'])
  expect(events).toEqual([])
})

test.each([
  { options: undefined, prefix: 'om.' },
  { options: { prefix: '' }, prefix: '' },
  { options: { prefix: 'my-app.' }, prefix: 'my-app.' },
])('the bus puts the prefix "$prefix" before each channel', async ({ options, prefix }) => {
  const { fake, connection } = createFakeConnection()
  const bus = createNatsBus(connection, options)
  const received: string[] = []
  let timesActive = 0
  bus.subscribe(
    'a',
    (message) => received.push(message),
    () => timesActive++,
  )
  await pass(0)
  expect(timesActive).toBe(1)
  void bus.publish('a', 'x')
  fake.receive(`${prefix}a`, 'x')
  expect(received).toEqual(['x'])
  expect(fake.sent).toEqual([`subscribe ${prefix}a`, 'ping', 'ping', `publish ${prefix}a x`])
})

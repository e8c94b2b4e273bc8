import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createServerLink } from '../../src/redis/server-link.ts'
import { createSingleEngine } from '../../src/redis/single-engine.ts'
import { createFakeConnection, type FakeConnection } from '../support/cluster/fake-redis.ts'
import { laterAnswer } from '../support/later-answer.ts'
import { pass } from '../support/pass.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0)
  vi.useRealTimers()
})

const QUESTION = 'COMMAND INFO SSUBSCRIBE'
const moved = new Error('MOVED 866 127.0.0.1:7001')

function setUp({ isCluster = false } = {}) {
  const publisher = createFakeConnection()
  const subscriber = createFakeConnection()
  const events: string[] = []
  const link = createServerLink({
    publisher,
    subscriber,
    isCluster,
    onActive: (channel) => events.push(`active ${channel}`),
    onMessage: (channel, message) => events.push(`message ${channel} ${message}`),
    onReady: () => events.push('ready'),
    onLost: () => events.push('lost'),
    onMoved: (channel) => events.push(`moved ${channel}`),
  })
  return { publisher, subscriber, link, events }
}

/** A link that knows its server. What happened until then is forgotten. */
async function setUpReady(options?: { isCluster?: boolean }) {
  const all = setUp(options)
  all.link.start()
  await pass(0)
  for (const list of [all.publisher.sent, all.subscriber.sent, all.events]) list.length = 0
  return all
}

const listenerOf = ({ listeners }: FakeConnection) => [...listeners][0]!

/** The connection is made again. */
async function makeReady(connection: FakeConnection) {
  connection.ready = true
  listenerOf(connection).onReady()
  await pass(0)
}

describe('what kind of pub/sub the server has', () => {
  test.each([
    { reply: [['ssubscribe']], publishes: 'SPUBLISH a x' },
    { reply: [null], publishes: 'PUBLISH a x' },
    { reply: [], publishes: 'PUBLISH a x' },
    { reply: 'ssubscribe', publishes: 'PUBLISH a x' },
  ])('it answers $reply', async ({ reply, publishes }) => {
    const { publisher, link, events } = setUp()
    publisher.answer = (line) => (line === QUESTION ? reply : undefined)
    link.start()
    await pass(0)
    expect(events).toEqual(['ready'])
    expect(await link.publish('a', 'x')).toBe(1)
    expect(publisher.sent).toEqual([QUESTION, publishes])
  })

  test('a server that does not allow the question is used with the plain one', async () => {
    const { publisher, subscriber, link, events } = setUp()
    publisher.answer = (line) => (line === QUESTION ? Promise.reject(new Error('NOPERM')) : undefined)
    link.start()
    link.add('a')
    await pass(0)
    expect(subscriber.sent).toEqual(['subscribe plain a'])
    expect(events).toEqual(['ready', 'active a'])
  })

  test('it stays as it was when the question is not allowed any more', async () => {
    const { publisher, link } = await setUpReady()
    publisher.answer = (line) => (line === QUESTION ? Promise.reject(new Error('NOPERM')) : undefined)
    await makeReady(publisher)
    await link.publish('a', 'x')
    expect(publisher.sent).toEqual([QUESTION, 'SPUBLISH a x'])
  })

  test('a connection that is lost during the question says nothing', async () => {
    const { publisher, subscriber, link, events } = setUp()
    publisher.answer = () => {
      publisher.ready = false
      return Promise.reject(new Error('the connection is lost'))
    }
    link.start()
    link.add('a')
    await pass(0)
    expect(events).toEqual([])
    expect(subscriber.sent).toEqual([])
    publisher.answer = () => undefined
    await makeReady(publisher)
    expect(events).toEqual(['ready', 'active a'])
  })

  test('it is asked once, whoever wants to know it', async () => {
    const { publisher, link } = setUp()
    link.start()
    listenerOf(publisher).onReady()
    void link.publish('a', 'x')
    await pass(0)
    expect(publisher.sent).toEqual([QUESTION, 'SPUBLISH a x'])
    await makeReady(publisher)
    expect(publisher.sent).toEqual([QUESTION, 'SPUBLISH a x', QUESTION])
  })

  test('a connection that is not ready is not asked', async () => {
    const { publisher, link } = setUp()
    publisher.ready = false
    link.start()
    expect(await link.publish('a', 'x')).toBeUndefined()
    expect(publisher.sent).toEqual([])
  })
})

describe('a Redis Cluster', () => {
  test('is asked every 200 ms until it is complete', async () => {
    const { publisher, link, events } = setUp({ isCluster: true })
    publisher.answer = (line) => (line === 'CLUSTER INFO' ? 'cluster_state:fail' : undefined)
    link.start()
    await pass(0)
    await pass(199)
    expect(publisher.sent).toEqual(['CLUSTER INFO'])
    await pass(1)
    expect(publisher.sent).toEqual(['CLUSTER INFO', 'CLUSTER INFO'])
    expect(events).toEqual([])
    publisher.answer = () => undefined
    await pass(200)
    expect(events).toEqual(['ready'])
    await pass(1000)
    expect(publisher.sent).toEqual(['CLUSTER INFO', 'CLUSTER INFO', 'CLUSTER INFO', QUESTION])
  })

  test('has one question under way, also when its connection becomes ready meanwhile', async () => {
    const { publisher, link } = setUp({ isCluster: true })
    publisher.answer = (line) => (line === 'CLUSTER INFO' ? 'cluster_state:fail' : undefined)
    link.start()
    await pass(100)
    await makeReady(publisher)
    await pass(199)
    expect(publisher.sent).toHaveLength(2)
    await pass(1)
    expect(publisher.sent).toHaveLength(3)
    link.stop()
  })

  test('that does not allow the question counts as complete', async () => {
    const { publisher, link, events } = setUp({ isCluster: true })
    publisher.answer = (line) => (line === 'CLUSTER INFO' ? Promise.reject(new Error('NOPERM')) : undefined)
    link.start()
    await pass(0)
    expect(events).toEqual(['ready'])
  })

  test('one server is not asked whether it is complete', async () => {
    const { publisher, link } = setUp()
    link.start()
    await pass(0)
    expect(publisher.sent).toEqual([QUESTION])
  })

  test('a plain message is not counted, because a node of it knows only its own subscribers', async () => {
    const { publisher, link } = setUp({ isCluster: true })
    publisher.answer = (line) => (line === QUESTION ? [null] : undefined)
    link.start()
    expect(await link.publish('a', 'x')).toBeUndefined()
    expect(publisher.sent).toContain('PUBLISH a x')
  })

  test('B10: a sharded message is counted', async () => {
    const { link } = await setUpReady({ isCluster: true })
    expect(await link.publish('a', 'x')).toBe(1)
  })

  test('B12: moved channels are collected for 100 ms, then all are confirmed again', async () => {
    const { subscriber, link, events } = await setUpReady({ isCluster: true })
    link.add('a')
    await pass(0)
    for (const delay of [0, 50]) {
      await pass(delay)
      listenerOf(subscriber).onMoved()
    }
    await pass(49)
    expect(subscriber.sent).toHaveLength(1)
    await pass(1)
    expect(subscriber.sent).toEqual(['subscribe sharded a', 'subscribe sharded a'])
    expect(events).toEqual(['active a', 'active a'])
    await pass(1000)
    listenerOf(subscriber).onMoved()
    await pass(100)
    expect(subscriber.sent).toHaveLength(3)
  })

  test('a refused subscription says which channel has moved, and another error says nothing', async () => {
    const { subscriber, link, events } = await setUpReady({ isCluster: true })
    subscriber.answer = () => Promise.reject(moved)
    link.add('a')
    await pass(0)
    expect(events).toEqual(['moved a'])
    subscriber.answer = () => Promise.reject(new Error('NOPERM, not MOVED'))
    await pass(200)
    expect(events).toEqual(['moved a'])
    link.dispose()
  })

  test('a refused message says which channel has moved, and is dropped', async () => {
    const { publisher, link, events } = await setUpReady({ isCluster: true })
    publisher.answer = () => Promise.reject(moved)
    expect(await link.publish('a', 'x')).toBeUndefined()
    expect(events).toEqual(['moved a'])
    expect(publisher.sent).toEqual(['SPUBLISH a x'])
  })
})

describe('publishing', () => {
  test('a message that the server refuses for another reason is dropped, and the server is asked again', async () => {
    const { publisher, link, events } = await setUpReady()
    publisher.answer = (line) => (line === QUESTION ? [null] : Promise.reject(new Error('unknown command')))
    expect(await link.publish('a', 'x')).toBeUndefined()
    publisher.answer = () => undefined
    await pass(0)
    expect(await link.publish('a', 'y')).toBe(1)
    expect(publisher.sent).toEqual(['SPUBLISH a x', QUESTION, 'PUBLISH a y'])
    expect(events).toEqual(['ready'])
  })

  test('T1: nothing is given to a connection that is not ready', async () => {
    const { publisher, link } = await setUpReady()
    publisher.ready = false
    expect(await link.publish('a', 'x')).toBeUndefined()
    expect(publisher.sent).toEqual([])
  })

  test('T1: a message that waited for more than one second for the first answer is dropped', async () => {
    for (const { delay, count } of [
      { delay: 1000, count: 1 },
      { delay: 1001, count: undefined },
    ]) {
      const { publisher, link } = setUp()
      const { answer, resolve } = laterAnswer()
      await pass(5000)
      publisher.answer = (line) => (line === QUESTION ? answer : undefined)
      const published = link.publish('a', 'x')
      await pass(delay)
      resolve([['ssubscribe']])
      expect(await published).toBe(count)
      expect(publisher.sent).toHaveLength(count ? 2 : 1)
    }
  })

  test('T1: a server that has not answered for one second gets nothing until it answers', async () => {
    const { publisher, link } = await setUpReady()
    await pass(5000)
    const first = laterAnswer()
    publisher.answer = () => first.answer
    void link.publish('a', 'first')
    await pass(600)
    void link.publish('a', 'second')
    await pass(400)
    void link.publish('a', 'third')
    expect(publisher.sent).toEqual(['SPUBLISH a first', 'SPUBLISH a second', 'SPUBLISH a third'])
    await pass(1)
    expect(await link.publish('a', 'dropped')).toBeUndefined()
    expect(publisher.sent).toHaveLength(3)
    first.resolve('1')
    await pass(0)
    publisher.answer = () => undefined
    expect(await link.publish('a', 'last')).toBe(1)
  })

  test('T6: a server that answers slowly, but always answers, gets everything', async () => {
    const { publisher, link } = await setUpReady()
    const answers: ReturnType<typeof laterAnswer>[] = []
    publisher.answer = () => {
      const later = laterAnswer()
      answers.push(later)
      return later.answer
    }
    // Two are always under way.
    void link.publish('a', 'x')
    for (let step = 0; step < 4; step++) {
      void link.publish('a', 'x')
      await pass(600)
      answers.shift()!.resolve('1')
      await pass(0)
    }
    expect(publisher.sent).toHaveLength(5)
  })

  test('T1: what is refused counts as an answer', async () => {
    const { publisher, link } = await setUpReady()
    publisher.answer = () => Promise.reject(moved)
    await link.publish('a', 'x')
    await pass(2000)
    publisher.answer = () => undefined
    expect(await link.publish('a', 'x')).toBe(1)
  })
})

describe('the connections', () => {
  test('messages of the connection that subscribes arrive', async () => {
    const { publisher, subscriber, events } = await setUpReady()
    listenerOf(subscriber).onMessage('a', 'x')
    listenerOf(publisher).onMessage('a', 'y')
    listenerOf(publisher).onMoved()
    await pass(1000)
    expect(events).toEqual(['message a x'])
  })

  test('both can be lost', async () => {
    const { publisher, subscriber, events } = await setUpReady()
    listenerOf(subscriber).onLost()
    listenerOf(publisher).onLost()
    expect(events).toEqual(['lost', 'lost'])
  })

  test('B12: a subscription is active again when both connections are ready', async () => {
    const { publisher, subscriber, link, events } = await setUpReady()
    link.add('a')
    await pass(0)
    publisher.ready = false
    await makeReady(subscriber)
    expect(publisher.sent).toEqual([])
    expect(events).toEqual(['active a'])
    await makeReady(publisher)
    expect(events).toEqual(['active a', 'ready', 'active a'])
    expect(subscriber.sent).toEqual(['subscribe sharded a', 'subscribe sharded a'])
  })

  test('B12: the connection that subscribes is made again while the other one lasts', async () => {
    const { publisher, subscriber, link, events } = await setUpReady()
    link.add('a')
    await pass(0)
    await makeReady(subscriber)
    expect(publisher.sent).toEqual([QUESTION])
    expect(events).toEqual(['active a', 'ready', 'active a'])
  })

  test('a publishing connection that is made again leaves the subscriptions as they are', async () => {
    const { publisher, subscriber, link } = await setUpReady()
    link.add('a')
    await pass(0)
    await makeReady(subscriber)
    await makeReady(publisher)
    expect(subscriber.sent).toHaveLength(2)
  })

  test('stop() leaves no listener and no timer, and start() begins again', async () => {
    const { publisher, subscriber, link } = await setUpReady({ isCluster: true })
    link.add('a')
    await pass(0)
    listenerOf(subscriber).onMoved()
    publisher.answer = () => 'cluster_state:fail'
    await makeReady(publisher)
    link.stop()
    expect(vi.getTimerCount()).toBe(0)
    expect([publisher.listeners.size, subscriber.listeners.size]).toEqual([0, 0])

    publisher.answer = () => undefined
    link.start()
    await pass(0)
    listenerOf(subscriber).onMoved()
    await pass(100)
    expect(subscriber.sent).toHaveLength(2)
    link.stop()
    link.stop()
    expect([publisher.listeners.size, subscriber.listeners.size]).toEqual([0, 0])
  })

  test('after dispose() nothing is subscribed any more', async () => {
    const { publisher, subscriber, link } = await setUpReady()
    link.dispose()
    link.add('a')
    await pass(1000)
    expect(subscriber.sent).toEqual([])
    expect([publisher.listeners.size, subscriber.listeners.size]).toEqual([0, 0])
  })
})

test('one server: listens to its connections from the first channel to the last one', async () => {
  const [publisher, subscriber] = [createFakeConnection(), createFakeConnection()]
  const events: string[] = []
  const engine = createSingleEngine(publisher, subscriber, {
    onActive: (channel) => events.push(`active ${channel}`),
    onMessage: (channel, message) => events.push(`message ${channel} ${message}`),
  })
  const countListeners = () => [publisher.listeners.size, subscriber.listeners.size]
  expect(countListeners()).toEqual([0, 0])
  engine.open('a')
  engine.open('b')
  expect(countListeners()).toEqual([1, 1])
  await pass(0)
  expect(publisher.sent).toEqual([QUESTION])
  listenerOf(subscriber).onMessage('a', 'x')
  expect(events).toEqual(['active a', 'active b', 'message a x'])
  expect(engine.isActive('a')).toBe(true)
  engine.close('a')
  await pass(0)
  expect(engine.isActive('a')).toBe(false)
  expect(countListeners()).toEqual([1, 1])
  engine.close('b')
  expect(countListeners()).toEqual([0, 0])
  await pass(0)
  expect(subscriber.sent).toEqual([
    'subscribe sharded a',
    'subscribe sharded b',
    'unsubscribe sharded a',
    'unsubscribe sharded b',
  ])
  expect(await engine.publish('a', 'x')).toBe(1)
})

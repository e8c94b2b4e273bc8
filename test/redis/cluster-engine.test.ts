import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createClusterEngine } from '../../src/redis/cluster-engine.ts'
import { openClusterNode } from '../../src/redis/cluster-node.ts'
import type { OwnConnection, Topology } from '../../src/redis/connection.ts'
import { hashSlot } from '../../src/redis/hash-slot.ts'
import { createFakeConnection, type FakeConnection } from '../support/cluster/fake-redis.ts'
import { laterAnswer } from '../support/later-answer.ts'
import { pass } from '../support/pass.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const PORTS = { one: '127.0.0.1:7001', two: '127.0.0.1:7002' }

/** A Redis Cluster as the two clients of an app see it: every slot belongs to node one. */
function createFakeCluster() {
  const owners = new Map<number, string>()
  const log: string[] = []
  let isClosed = false
  /** The connections that have been opened, the publisher's before the subscriber's. */
  const opened: { readonly address: string; readonly connection: FakeConnection }[] = []
  const cluster = {
    /** What the owner is of a slot that is not in `owners`. */
    usualOwner: PORTS.one as string | undefined,
    open(address: string): Promise<OwnConnection | undefined> {
      const connection = createFakeConnection()
      opened.push({ address, connection })
      return Promise.resolve(connection)
    },
    refresh: (): Promise<unknown> => Promise.resolve(),
    close: () => (isClosed = true),
    /** The connections to a node: of the last time that they were opened. */
    connectionsTo(address: string) {
      const [publisher, subscriber] = opened.filter((one) => one.address === address).slice(-2)
      return { publisher: publisher!.connection, subscriber: subscriber!.connection }
    },
  }
  const topology = (name: string): Topology => ({
    ownerOf: (slot) => (owners.has(slot) ? owners.get(slot) : cluster.usualOwner),
    open: (address) => cluster.open(address),
    refresh: async (channel) => {
      log.push(`${name} asks for ${channel}`)
      await cluster.refresh()
    },
    isClosed: () => isClosed,
  })
  const topologies = { publisher: topology('publisher'), subscriber: topology('subscriber') }
  return { cluster, topologies, log, owners, opened, connectionsTo: cluster.connectionsTo, close: cluster.close }
}

function setUp() {
  const fake = createFakeCluster()
  const events: string[] = []
  const engine = createClusterEngine(fake.topologies, {
    onActive: (channel) => events.push(`active ${channel}`),
    onMessage: (channel, message) => events.push(`message ${channel} ${message}`),
  })
  return { ...fake, engine, events }
}

async function setUpActive() {
  const all = setUp()
  all.engine.open('a')
  await pass(0)
  expect(all.events.splice(0)).toEqual(['active a'])
  return all
}

const listenerOf = ({ listeners }: FakeConnection) => [...listeners][0]!

/** Opens connections only when the returned answer is given. */
function delayOpening(cluster: ReturnType<typeof createFakeCluster>['cluster']) {
  const later = laterAnswer()
  const { open } = cluster
  cluster.open = async (address) => {
    await later.answer
    return open(address)
  }
  return later
}

/** The connection breaks. */
function lose(connection: FakeConnection): void {
  connection.ready = false
  for (const { onLost } of connection.listeners) onLost()
}

describe('subscriptions', () => {
  test('B1: a channel is subscribed on the node that owns its slot', async () => {
    const { engine, events, owners, connectionsTo, opened } = setUp()
    owners.set(hashSlot('b'), PORTS.two)
    for (const name of ['a', 'b']) engine.open(name)
    expect(engine.isActive('a')).toBe(false)
    await pass(0)
    expect(opened).toHaveLength(4)
    expect(connectionsTo(PORTS.one).subscriber.sent).toEqual(['subscribe sharded a'])
    expect(connectionsTo(PORTS.two).subscriber.sent).toEqual(['subscribe sharded b'])
    expect(['a', 'b', 'c'].map(engine.isActive)).toEqual([true, true, false])
    listenerOf(connectionsTo(PORTS.two).subscriber).onMessage('b', 'x')
    expect(events).toEqual(['active a', 'active b', 'message b x'])
  })

  test('channels of one node share its connections', async () => {
    const { engine, events, opened, connectionsTo } = await setUpActive()
    engine.open('b')
    await pass(0)
    expect(opened).toHaveLength(2)
    expect(connectionsTo(PORTS.one).subscriber.sent).toEqual(['subscribe sharded a', 'subscribe sharded b'])
    expect(events).toEqual(['active b'])
  })

  test('B6: a closed channel is unsubscribed', async () => {
    const { engine, connectionsTo } = await setUpActive()
    engine.close('a')
    await pass(0)
    expect(engine.isActive('a')).toBe(false)
    expect(connectionsTo(PORTS.one).subscriber.sent).toContain('unsubscribe sharded a')
    engine.close('a')
  })

  test('the connections are closed 1 s after the last channel', async () => {
    const { engine, connectionsTo } = await setUpActive()
    const { publisher, subscriber } = connectionsTo(PORTS.one)
    engine.open('b')
    engine.close('a')
    await pass(2000)
    engine.close('b')
    await pass(999)
    expect([publisher.isClosed, subscriber.isClosed]).toEqual([false, false])
    await pass(1)
    expect([publisher.isClosed, subscriber.isClosed]).toEqual([true, true])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a channel that is opened within that second keeps them', async () => {
    const { engine, connectionsTo, opened } = await setUpActive()
    engine.close('a')
    await pass(900)
    engine.open('b')
    await pass(2000)
    expect(connectionsTo(PORTS.one).publisher.isClosed).toBe(false)
    expect(opened).toHaveLength(2)
  })

  test('after that second they are opened again', async () => {
    const { engine, events, opened } = await setUpActive()
    engine.close('a')
    await pass(1000)
    engine.open('a')
    await pass(0)
    expect(opened).toHaveLength(4)
    expect(events).toEqual(['active a'])
  })
})

describe('a slot moves', () => {
  test('B12: within one second the channel is subscribed on the new node, and says so', async () => {
    const { engine, events, owners, connectionsTo } = await setUpActive()
    owners.set(hashSlot('a'), PORTS.two)
    await pass(1000)
    expect(connectionsTo(PORTS.one).subscriber.sent).toEqual(['subscribe sharded a', 'unsubscribe sharded a'])
    expect(connectionsTo(PORTS.two).subscriber.sent).toEqual(['subscribe sharded a'])
    expect(events).toEqual(['active a'])
    await pass(5000)
    expect(connectionsTo(PORTS.two).subscriber.sent).toHaveLength(1)
    expect(engine.isActive('a')).toBe(true)
  })

  test('B12: also after another channel was closed', async () => {
    const { engine, owners, connectionsTo } = await setUpActive()
    engine.open('b')
    engine.close('b')
    owners.set(hashSlot('a'), PORTS.two)
    await pass(1000)
    expect(connectionsTo(PORTS.two).subscriber.sent).toEqual(['subscribe sharded a'])
  })

  test('a node that refuses a message makes both clients ask for the owner', async () => {
    const { engine, log, owners, connectionsTo, events } = await setUpActive()
    connectionsTo(PORTS.one).publisher.answer = () => {
      owners.set(hashSlot('a'), PORTS.two)
      return Promise.reject(new Error('MOVED 1 127.0.0.1:7002'))
    }
    expect(await engine.publish('a', 'x')).toBeUndefined()
    await pass(0)
    expect(log).toEqual(['publisher asks for a', 'subscriber asks for a'])
    expect(events).toEqual(['active a'])
  })

  test('the owners are asked for once at a time', async () => {
    const { engine, log, cluster, connectionsTo } = await setUpActive()
    const later = laterAnswer()
    cluster.refresh = () => later.answer
    connectionsTo(PORTS.one).publisher.answer = () => Promise.reject(new Error('MOVED 1 127.0.0.1:7002'))
    await engine.publish('a', 'x')
    await engine.publish('b', 'x')
    expect(log).toHaveLength(2)
    // It fails while no node can be reached.
    later.reject(new Error('no node'))
    await pass(0)
    await engine.publish('b', 'x')
    expect(log).toEqual([
      'publisher asks for a',
      'subscriber asks for a',
      'publisher asks for b',
      'subscriber asks for b',
    ])
    await pass(0)
  })

  test('a slot without an owner is asked for every 200 ms', async () => {
    const { engine, cluster, log, events } = setUp()
    cluster.usualOwner = undefined
    engine.open('a')
    await pass(199)
    expect(log).toEqual([])
    await pass(1)
    expect(log).toEqual(['publisher asks for a', 'subscriber asks for a'])
    cluster.usualOwner = PORTS.one
    await pass(200)
    expect(log).toHaveLength(4)
    expect(events).toEqual(['active a'])
    await pass(800)
    expect(log).toHaveLength(4)
  })
})

describe('a connection is lost', () => {
  test('B12: the node is connected again after 200 ms, and the channel says that it is active again', async () => {
    const { engine, events, log, opened, connectionsTo } = await setUpActive()
    const { publisher, subscriber } = connectionsTo(PORTS.one)
    lose(subscriber)
    expect([publisher.isClosed, subscriber.isClosed]).toEqual([true, true])
    expect(engine.isActive('a')).toBe(false)
    await pass(199)
    expect(opened).toHaveLength(2)
    await pass(1)
    expect(log).toEqual(['publisher asks for a', 'subscriber asks for a'])
    expect(opened).toHaveLength(4)
    expect(events).toEqual(['active a'])
    expect(engine.isActive('a')).toBe(true)
  })

  test('channels of other nodes stay as they are', async () => {
    const { engine, owners, connectionsTo, events } = await setUpActive()
    owners.set(hashSlot('b'), PORTS.two)
    engine.open('b')
    await pass(0)
    events.length = 0
    lose(connectionsTo(PORTS.two).publisher)
    expect(['a', 'b'].map(engine.isActive)).toEqual([true, false])
    await pass(200)
    expect(events).toEqual(['active b'])
  })

  test('it is tried every 200 ms until the node can be reached', async () => {
    const { cluster, events, connectionsTo } = await setUpActive()
    const open = cluster.open
    let attempts = 0
    cluster.open = () => {
      attempts++
      return Promise.reject(new Error('no node'))
    }
    lose(connectionsTo(PORTS.one).publisher)
    await pass(600)
    // Two connections each time.
    expect(attempts).toBe(6)
    cluster.open = open
    await pass(200)
    expect(events).toEqual(['active a'])
  })

  test('T1: what is published until the node is connected again is dropped', async () => {
    const { engine, connectionsTo, opened } = await setUpActive()
    lose(connectionsTo(PORTS.one).publisher)
    const dropped = engine.publish('a', 'dropped')
    await pass(0)
    expect(await dropped).toBeUndefined()
    expect(opened).toHaveLength(2)
    await pass(200)
    expect(await engine.publish('a', 'x')).toBe(1)
    expect(connectionsTo(PORTS.one).publisher.sent).not.toContain('SPUBLISH a dropped')
  })

  test('T1: a message does not wait for a connection that replaces a lost one', async () => {
    const { engine, cluster, connectionsTo } = await setUpActive()
    lose(connectionsTo(PORTS.one).publisher)
    const later = delayOpening(cluster)
    await pass(200)
    expect(await engine.publish('a', 'dropped')).toBeUndefined()
    later.resolve(undefined)
    await pass(0)
    expect(await engine.publish('a', 'x')).toBe(1)
    expect(connectionsTo(PORTS.one).publisher.sent).not.toContain('SPUBLISH a dropped')
  })

  test('a lost node to which only messages are published is connected again, while something is subscribed', async () => {
    const { engine, owners, opened, connectionsTo } = await setUpActive()
    owners.set(hashSlot('b'), PORTS.two)
    expect(await engine.publish('b', 'x')).toBe(1)
    lose(connectionsTo(PORTS.two).publisher)
    await pass(200)
    expect(opened).toHaveLength(6)
    expect(await engine.publish('b', 'y')).toBe(1)
  })

  test('a lost node that owns no slot any more is forgotten', async () => {
    const { engine, owners, opened, connectionsTo } = await setUpActive()
    owners.set(hashSlot('b'), PORTS.two)
    await engine.publish('b', 'x')
    owners.clear()
    lose(connectionsTo(PORTS.two).publisher)
    await pass(1200)
    expect(opened).toHaveLength(4)
    // It is a new node, for whose first connection messages wait.
    owners.set(hashSlot('b'), PORTS.two)
    expect(await engine.publish('b', 'y')).toBe(1)
  })

  test('nothing is connected again when nothing is subscribed', async () => {
    const { engine, opened, connectionsTo } = setUp()
    expect(await engine.publish('a', 'x')).toBe(1)
    lose(connectionsTo(PORTS.one).publisher)
    await pass(500)
    expect(opened).toHaveLength(2)
    // The next message opens it.
    void engine.publish('a', 'y')
    await pass(0)
    expect(opened).toHaveLength(4)
  })
})

describe('publishing', () => {
  test('T1: the first message waits for the connection to the node', async () => {
    const { engine, cluster, connectionsTo } = setUp()
    const later = delayOpening(cluster)
    const published = engine.publish('a', 'x')
    await pass(999)
    later.resolve(undefined)
    await pass(0)
    expect(await published).toBe(1)
    expect(connectionsTo(PORTS.one).publisher.sent).toContain('SPUBLISH a x')
  })

  test('T1: for one second at most', async () => {
    const { engine, cluster, connectionsTo } = setUp()
    const later = delayOpening(cluster)
    engine.open('b')
    const published = engine.publish('a', 'x')
    await pass(1000)
    expect(await published).toBeUndefined()
    later.resolve(undefined)
    await pass(0)
    expect(connectionsTo(PORTS.one).publisher.sent).not.toContain('SPUBLISH a x')
  })

  test('a slot without an owner drops the message', async () => {
    const { engine, cluster, opened } = setUp()
    cluster.usualOwner = undefined
    expect(await engine.publish('a', 'x')).toBeUndefined()
    expect(opened).toEqual([])
  })

  test('without subscriptions the connections are closed 1 s after the last message', async () => {
    const { engine, connectionsTo } = setUp()
    await engine.publish('a', 'x')
    await pass(900)
    await engine.publish('a', 'x')
    await pass(900)
    expect(connectionsTo(PORTS.one).publisher.isClosed).toBe(false)
    await pass(100)
    expect(connectionsTo(PORTS.one).publisher.isClosed).toBe(true)
  })

  test('with subscriptions they stay open', async () => {
    const { engine, opened, connectionsTo } = await setUpActive()
    await engine.publish('a', 'x')
    await pass(5000)
    expect(connectionsTo(PORTS.one).publisher.isClosed).toBe(false)
    expect(opened).toHaveLength(2)
  })
})

describe('the app closes its clients', () => {
  test('the connections are closed within one second, and nothing is published any more', async () => {
    const { engine, close, connectionsTo } = await setUpActive()
    close()
    const sentBefore = [...connectionsTo(PORTS.one).publisher.sent]
    expect(await engine.publish('a', 'x')).toBeUndefined()
    expect(connectionsTo(PORTS.one).publisher.sent).toEqual(sentBefore)
    await pass(1000)
    expect(connectionsTo(PORTS.one).publisher.isClosed).toBe(true)
    expect(engine.isActive('a')).toBe(false)
    engine.close('a')
  })

  test('a lost connection is not made again', async () => {
    const { close, opened, log, connectionsTo } = await setUpActive()
    lose(connectionsTo(PORTS.one).publisher)
    close()
    await pass(200)
    expect(opened).toHaveLength(2)
    expect(log).toEqual([])
  })
})

describe('the connections to one node', () => {
  function openNode() {
    const fake = createFakeCluster()
    const calls: string[] = []
    const open = () =>
      openClusterNode({
        topologies: fake.topologies,
        address: PORTS.one,
        events: { onActive: (channel) => calls.push(`active ${channel}`), onMessage: () => {} },
        onLost: () => calls.push('lost'),
        onMoved: (channel) => calls.push(`moved ${channel}`),
      })
    return { ...fake, calls, open }
  }

  test('until they are open nothing is active and messages are dropped', async () => {
    const { calls, open } = openNode()
    const node = open()
    node.add('a')
    node.add('b')
    node.remove('b')
    expect(node.isActive('a')).toBe(false)
    expect(await node.publish('a', 'x')).toBeUndefined()
    await node.whenReady
    expect(node.whenReady).toBeUndefined()
    await pass(0)
    expect(calls).toEqual(['active a'])
    expect(node.isActive('a')).toBe(true)
    node.close()
    expect(node.isActive('a')).toBe(false)
    expect(calls).toEqual(['active a'])
  })

  test.each([0, 1])('a client that does not know the node has lost it: client %i', async (unknown) => {
    const { cluster, calls, open } = openNode()
    const connection = createFakeConnection()
    let asked = 0
    cluster.open = () => Promise.resolve(asked++ === unknown ? undefined : connection)
    const node = open()
    const { whenReady } = node
    await pass(0)
    expect(calls).toEqual(['lost'])
    expect(connection.isClosed).toBe(true)
    await whenReady
    expect(node.whenReady).toBeUndefined()
  })

  test('a node is lost once', async () => {
    const { calls, open, connectionsTo } = openNode()
    open()
    await pass(0)
    const { publisher, subscriber } = connectionsTo(PORTS.one)
    const listeners = [listenerOf(publisher), listenerOf(subscriber)]
    for (const { onLost } of listeners) onLost()
    expect(calls).toEqual(['lost'])
  })

  test('what is closed while it is opened does not stay open, and is not lost', async () => {
    const { calls, open, connectionsTo } = openNode()
    const node = open()
    node.close()
    await pass(0)
    const { publisher, subscriber } = connectionsTo(PORTS.one)
    expect([publisher.isClosed, subscriber.isClosed]).toEqual([true, true])
    expect(publisher.sent).toEqual([])
    expect(calls).toEqual([])
  })

  test('B12: it is asked whether the cluster is complete, and a moved channel is reported', async () => {
    const { calls, open, connectionsTo } = openNode()
    const node = open()
    await pass(0)
    const { publisher } = connectionsTo(PORTS.one)
    expect(publisher.sent[0]).toBe('CLUSTER INFO')
    publisher.answer = () => Promise.reject(new Error('MOVED 1 127.0.0.1:7002'))
    await node.publish('a', 'x')
    expect(calls).toEqual(['moved a'])
  })
})

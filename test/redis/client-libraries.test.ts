/** What the bus does with a client of each library, and how it reads a library's view of a Redis Cluster. */
import { EventEmitter } from 'node:events'
import { describe, expect, test, vi } from 'vitest'
import type { ConnectionListener } from '../../src/redis/connection.ts'
import { createRedisBus } from '../../src/redis/index.ts'
import { connectIoRedis, ioRedisTopology } from '../../src/redis/ioredis.ts'
import { connectNodeRedis, nodeRedisTopology } from '../../src/redis/node-redis.ts'
import { until } from '../support/until.ts'

/** Notes each call of a method of a client. */
class FakeClient extends EventEmitter {
  readonly calls: string[] = []
  protected note(method: string, ...values: readonly unknown[]): Promise<string> {
    this.calls.push([method, ...values.filter((value) => typeof value !== 'function')].join(' '))
    return Promise.resolve(`answer to ${method}`)
  }
}

class FakeIoRedis extends FakeClient {
  status = 'ready'
  options: object = {}
  call = (...words: string[]) => this.note('call', ...words)
  subscribe = (...channels: string[]) => this.note('subscribe', ...channels)
  unsubscribe = (...channels: string[]) => this.note('unsubscribe', ...channels)
  ssubscribe = (...channels: string[]) => this.note('ssubscribe', ...channels)
  sunsubscribe = (...channels: string[]) => this.note('sunsubscribe', ...channels)
  disconnect = () => void this.note('disconnect')
  readonly duplicates: { readonly client: FakeIoRedis; readonly options: object }[] = []
  duplicate = (options: object) => {
    const client = new FakeIoRedis()
    this.duplicates.push({ client, options })
    return client
  }
}

type Receive = (message: string, channel: string) => void

class FakeNodeRedis extends FakeClient {
  isReady = true
  isOpen = true
  options = { socket: { host: '127.0.0.1', tls: true } }
  readonly receivers = new Set<Receive>()
  private change(method: string, channel: string, receive: Receive) {
    this.receivers.add(receive)
    return this.note(method, channel)
  }
  sendCommand = (words: string[]) => this.note('sendCommand', ...words)
  subscribe = (channel: string, receive: Receive) => this.change('subscribe', channel, receive)
  unsubscribe = (channel: string, receive: Receive) => this.change('unsubscribe', channel, receive)
  sSubscribe = (channel: string, receive: Receive) => this.change('sSubscribe', channel, receive)
  sUnsubscribe = (channel: string, receive: Receive) => this.change('sUnsubscribe', channel, receive)
  connect = () => this.note('connect')
  destroy?: (() => void) | undefined = () => void this.note('destroy')
  disconnect: (() => Promise<unknown>) | undefined = () => this.note('disconnect')
  readonly duplicates: { readonly client: FakeNodeRedis; readonly options: object }[] = []
  duplicate = (options: object) => {
    const client = new FakeNodeRedis()
    this.duplicates.push({ client, options })
    return client
  }
}

/** A listener that notes its calls. */
function createListener() {
  const calls: string[] = []
  const listener: ConnectionListener = {
    onReady: () => calls.push('ready'),
    onLost: () => calls.push('lost'),
    onMessage: (channel, message) => calls.push(`message ${channel} ${message}`),
    onMoved: () => calls.push('moved'),
  }
  return { listener, calls }
}

const countListeners = (client: EventEmitter) =>
  client.eventNames().reduce((count, event) => count + client.listenerCount(event), 0)

describe('ioredis', () => {
  test('each command is a method of the client', async () => {
    const client = new FakeIoRedis()
    const connection = connectIoRedis(client)
    expect(await connection.command('PUBLISH', 'a', 'x')).toBe('answer to call')
    expect(await connection.subscribe('a', true)).toBe('answer to ssubscribe')
    expect(await connection.subscribe('a', false)).toBe('answer to subscribe')
    expect(await connection.unsubscribe('a', true)).toBe('answer to sunsubscribe')
    expect(await connection.unsubscribe('a', false)).toBe('answer to unsubscribe')
    expect(client.calls).toEqual(['call PUBLISH a x', 'ssubscribe a', 'subscribe a', 'sunsubscribe a', 'unsubscribe a'])
  })

  test('it is ready when its status says so', () => {
    const client = new FakeIoRedis()
    const connection = connectIoRedis(client)
    expect(connection.isReady()).toBe(true)
    client.status = 'connect'
    expect(connection.isReady()).toBe(false)
  })

  test('each event arrives, until the listener is removed', () => {
    const client = new FakeIoRedis()
    const { listener, calls } = createListener()
    const stop = connectIoRedis(client).listen(listener)
    client.emit('ready')
    client.emit('message', 'a', 'x')
    client.emit('smessage', 'a', 'y')
    client.emit('moved')
    client.emit('close')
    const expected = ['ready', 'message a x', 'message a y', 'moved', 'lost']
    expect(calls).toEqual(expected)
    stop()
    expect(countListeners(client)).toBe(0)
  })

  function setUpCluster() {
    const nodes = [7001, 7002].map((port) => {
      const node = new FakeIoRedis()
      node.options = { host: '127.0.0.1', port }
      return node
    })
    const cluster = {
      status: 'ready',
      options: {},
      slots: [['127.0.0.1:7001', '127.0.0.1:7003'], ['127.0.0.1:7002']],
      nodes: (role?: 'master') => (role === 'master' ? nodes : []),
      refreshSlotsCache: vi.fn((callback?: () => void) => callback?.()),
    }
    return { nodes, cluster, topology: ioRedisTopology(cluster) }
  }

  test('a cluster: the first address of a slot is that of its owner', () => {
    const { topology } = setUpCluster()
    expect([0, 1, 2].map(topology.ownerOf)).toEqual(['127.0.0.1:7001', '127.0.0.1:7002', undefined])
  })

  test('T1, a cluster: a connection keeps nothing for later, and does not reconnect', async () => {
    const { nodes, topology } = setUpCluster()
    expect(await topology.open('127.0.0.1:7003')).toBeUndefined()
    const connection = await topology.open('127.0.0.1:7002')
    expect(nodes[0]!.duplicates).toEqual([])
    const [{ client, options } = {}] = nodes[1]!.duplicates
    expect(options).toEqual({
      lazyConnect: false,
      enableOfflineQueue: false,
      autoResubscribe: false,
      autoResendUnfulfilledCommands: false,
      retryStrategy: null,
      readOnly: false,
    })
    // Without a listener it would throw.
    client!.emit('error', new Error('refused'))
    connection!.close()
    expect(client!.calls).toEqual(['disconnect'])
  })

  test('a cluster: an error of a connection that is ready means that a channel has moved', async () => {
    const { nodes, topology } = setUpCluster()
    const connection = await topology.open('127.0.0.1:7001')
    const { client } = nodes[0]!.duplicates[0]!
    const { listener, calls } = createListener()
    const stop = connection!.listen(listener)
    client.emit('error', new Error('sunsubscribe was not expected'))
    expect(calls).toEqual(['moved'])
    client.status = 'close'
    client.emit('error', new Error('refused'))
    client.emit('close')
    expect(calls).toEqual(['moved', 'lost'])
    stop()
    expect(countListeners(client)).toBe(1)
  })

  test('a cluster: asks for the owners, and knows when the app has closed it', async () => {
    const { cluster, topology } = setUpCluster()
    await topology.refresh('a')
    expect(cluster.refreshSlotsCache).toHaveBeenCalledOnce()
    expect(topology.isClosed()).toBe(false)
    cluster.status = 'end'
    expect(topology.isClosed()).toBe(true)
  })
})

describe('redis', () => {
  test('each command is a method of the client', async () => {
    const client = new FakeNodeRedis()
    const connection = connectNodeRedis(client)
    expect(await connection.command('PUBLISH', 'a', 'x')).toBe('answer to sendCommand')
    expect(await connection.subscribe('a', true)).toBe('answer to sSubscribe')
    expect(await connection.subscribe('a', false)).toBe('answer to subscribe')
    expect(await connection.unsubscribe('a', true)).toBe('answer to sUnsubscribe')
    expect(await connection.unsubscribe('a', false)).toBe('answer to unsubscribe')
    expect(client.calls).toEqual([
      'sendCommand PUBLISH a x',
      'sSubscribe a',
      'subscribe a',
      'sUnsubscribe a',
      'unsubscribe a',
    ])
    // The client ends only the subscription of the same function.
    expect(client.receivers.size).toBe(1)
  })

  test('it is ready when it says so', () => {
    const client = new FakeNodeRedis()
    const connection = connectNodeRedis(client)
    expect(connection.isReady()).toBe(true)
    client.isReady = false
    expect(connection.isReady()).toBe(false)
  })

  test('each event arrives, until the listener is removed', async () => {
    const client = new FakeNodeRedis()
    const connection = connectNodeRedis(client)
    const { listener, calls } = createListener()
    await connection.subscribe('a', true)
    const [receive] = client.receivers
    receive!('early', 'a')
    const stop = connection.listen(listener)
    client.emit('ready')
    receive!('x', 'a')
    client.emit('sharded-channel-moved')
    client.emit('error', new Error('a command is wrong'))
    client.isReady = false
    client.emit('error', new Error('the connection is lost'))
    client.emit('end')
    const expected = ['ready', 'message a x', 'moved', 'lost', 'lost']
    expect(calls).toEqual(expected)
    stop()
    receive!('late', 'a')
    expect(calls).toEqual(expected)
    expect(countListeners(client)).toBe(0)
  })

  test('the end of an earlier listener leaves the later one', async () => {
    const client = new FakeNodeRedis()
    const connection = connectNodeRedis(client)
    await connection.subscribe('a', true)
    const [earlier, later] = [createListener(), createListener()]
    const stop = connection.listen(earlier.listener)
    connection.listen(later.listener)
    stop()
    for (const receive of client.receivers) receive('x', 'a')
    expect(later.calls).toEqual(['message a x'])
    expect(earlier.calls).toEqual([])
  })

  function setUpCluster() {
    const masters = [7001, 7002].map((port) => ({ host: '127.0.0.1', port, client: new FakeNodeRedis() }))
    const calls: unknown[] = []
    const cluster = {
      isOpen: true,
      masters,
      slots: [{ master: masters[0]! }, { master: masters[1]! }],
      nodeClient: ({ client }: { client: FakeNodeRedis }) => Promise.resolve(client),
      sendCommand(...values: unknown[]) {
        calls.push(values)
        return Promise.resolve(0)
      },
    }
    return { masters, cluster, calls, topology: nodeRedisTopology(cluster) }
  }

  test('a cluster: the master of a slot is its owner', () => {
    const { topology } = setUpCluster()
    expect([0, 1, 2].map(topology.ownerOf)).toEqual(['127.0.0.1:7001', '127.0.0.1:7002', undefined])
  })

  /** Opens a connection to the second node. @returns the client that has been made for it. */
  async function openSecond() {
    const { masters, topology } = setUpCluster()
    const connection = await topology.open('127.0.0.1:7002')
    expect(masters[0]!.client.duplicates).toEqual([])
    return { connection: connection!, ...masters[1]!.client.duplicates[0]! }
  }

  test('T1, a cluster: a connection keeps nothing for later, and does not reconnect', async () => {
    expect(await setUpCluster().topology.open('127.0.0.1:7003')).toBeUndefined()
    const { client, options } = await openSecond()
    expect(options).toEqual({
      disableOfflineQueue: true,
      socket: { host: '127.0.0.1', tls: true, reconnectStrategy: false },
    })
    expect(client.calls).toEqual(['connect'])
    // Without a listener it would throw.
    client.emit('error', new Error('refused'))
  })

  test('a cluster: a node without options of its own is connected, too', async () => {
    const { masters, topology } = setUpCluster()
    Object.assign(masters[0]!.client, { options: undefined })
    await topology.open('127.0.0.1:7001')
    expect(masters[0]!.client.duplicates[0]!.options).toEqual({
      disableOfflineQueue: true,
      socket: { reconnectStrategy: false },
    })
  })

  test('a cluster: a connection is closed in the way of its version, once', async () => {
    const { connection, client } = await openSecond()
    connection.close()
    expect(client.calls).toEqual(['connect', 'destroy'])
    client.isOpen = false
    connection.close()
    expect(client.calls).toEqual(['connect', 'destroy'])
  })

  test('a cluster: version 4 is closed without an error', async () => {
    const { connection, client } = await openSecond()
    client.destroy = undefined
    connection.close()
    expect(client.calls).toEqual(['connect', 'disconnect'])
    client.disconnect = () => Promise.reject(new Error('closed already'))
    connection.close()
    client.disconnect = undefined
    connection.close()
  })

  test('a cluster: asks for the owners with a command that only reads, and knows when the app has closed it', async () => {
    const { cluster, calls, topology } = setUpCluster()
    await topology.refresh('a')
    expect(calls).toEqual([['a', false, ['STRLEN', 'a']]])
    expect(topology.isClosed()).toBe(false)
    cluster.isOpen = false
    expect(topology.isClosed()).toBe(true)
  })
})

describe('the bus', () => {
  test.each([
    { options: {}, prefix: 'om:' },
    { options: { prefix: '' }, prefix: '' },
    { options: { prefix: 'my-app:' }, prefix: 'my-app:' },
  ])('puts the prefix "$prefix" before each channel', async ({ options, prefix }) => {
    const [publisher, subscriber] = [new FakeNodeRedis(), new FakeNodeRedis()]
    const bus = createRedisBus({ publisher, subscriber, ...options })
    const received: string[] = []
    let isActive = false
    bus.subscribe(
      'a',
      (message) => received.push(message),
      () => (isActive = true),
    )
    await until(() => isActive)
    expect(subscriber.calls).toEqual([`subscribe ${prefix}a`])
    for (const receive of subscriber.receivers) receive('x', `${prefix}a`)
    expect(received).toEqual(['x'])
    await bus.publish('a', 'x')
    expect(publisher.calls).toContain(`sendCommand PUBLISH ${prefix}a x`)
  })

  test('also takes two clients of ioredis, and the server is asked what it has', async () => {
    const [publisher, subscriber] = [new FakeIoRedis(), new FakeIoRedis()]
    const bus = createRedisBus({ publisher, subscriber })
    let isActive = false
    bus.subscribe(
      'a',
      () => {},
      () => (isActive = true),
    )
    await until(() => isActive)
    expect(publisher.calls).toEqual(['call COMMAND INFO SSUBSCRIBE'])
    expect(subscriber.calls).toEqual(['subscribe om:a'])
  })
})

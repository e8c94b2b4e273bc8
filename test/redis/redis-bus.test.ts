import type { EventEmitter } from 'node:events'
import { Redis } from 'ioredis'
import { createClient } from 'redis'
import { describe, expect, test } from 'vitest'
import { createRedisBus } from '../../src/redis/index.ts'
import type { Bus } from '../../src/server/cluster/bus.ts'
import { shareEngine } from '../support/cluster/bus-contract.ts'
import { atEnd, until } from '../support/server/harness.ts'

const engine = shareEngine('redis')
const port = () => engine().address.ports[0]!
const ignore = () => {}

async function openNodeRedis() {
  const publisher = createClient({ socket: { host: '127.0.0.1', port: port(), reconnectStrategy: () => 100 } })
  const subscriber = publisher.duplicate()
  for (const client of [publisher, subscriber]) {
    client.on('error', ignore)
    atEnd(() => client.destroy())
    await client.connect()
  }
  return { publisher, subscriber }
}

async function openIoRedis() {
  const publisher = new Redis(port(), '127.0.0.1', { lazyConnect: true, retryStrategy: () => 100 })
  const subscriber = publisher.duplicate()
  for (const client of [publisher, subscriber]) {
    client.on('error', ignore)
    atEnd(() => client.disconnect())
    await client.connect()
  }
  return { publisher, subscriber }
}

const libraries = [
  { library: 'redis', open: openNodeRedis },
  { library: 'ioredis', open: openIoRedis },
] as const

/** Waits until a new subscription is active. */
async function subscribe(bus: Bus, channel: string, onMessage: (message: string) => void = ignore) {
  let isActive = false
  const end = bus.subscribe(channel, onMessage, () => (isActive = true))
  await until(() => isActive, 'the subscription is active')
  return end
}

const listenersOf = (client: EventEmitter) =>
  Object.fromEntries(client.eventNames().map((event) => [String(event), client.listenerCount(event)]))

describe.each(libraries)('$library', ({ open }) => {
  test('no listener is left on the clients, and no subscription on the server', async () => {
    const { publisher, subscriber } = await open()
    const before = [publisher, subscriber].map((client) => listenersOf(client as EventEmitter))
    const bus = createRedisBus({ publisher, subscriber })
    const ends = [await subscribe(bus, 'left:a'), await subscribe(bus, 'left:a'), await subscribe(bus, 'left:b')]
    await bus.publish('left:a', 'x')
    for (const end of ends) end()
    expect([publisher, subscriber].map((client) => listenersOf(client as EventEmitter))).toEqual(before)
    const channels = () => pubSub('SHARDCHANNELS', 'om:left:*')
    await until(async () => (await channels()).length === 0, 'nothing is subscribed')
  })

  test('two subscriptions of one process are one on the server, and it is sharded', async () => {
    const { publisher, subscriber } = await open()
    const bus = createRedisBus({ publisher, subscriber, prefix: 'my-app:' })
    await subscribe(bus, 'twice')
    await subscribe(bus, 'twice')
    expect(await pubSub('SHARDNUMSUB', 'my-app:twice')).toEqual(['my-app:twice', '1'])
    expect(await bus.publish('twice', 'x')).toBe(1)
  })

  test('T1: nothing is given to a client that is not connected', async () => {
    const { publisher, subscriber } = await open()
    const bus = createRedisBus({ publisher, subscriber })
    const received: string[] = []
    await subscribe(bus, 'offline', (message) => received.push(message))
    await engine().kill()
    const state = publisher as { isReady?: boolean; status?: string }
    await until(() => state.isReady === false || (state.status !== undefined && state.status !== 'ready'), 'it is lost')
    for (let number = 0; number < 100; number++) expect(await bus.publish('offline', 'lost')).toBeUndefined()
    await engine().restart()
    await until(async () => (await bus.publish('offline', 'arrives')) === 1, 'it is connected again')
    await until(() => received.includes('arrives'), 'messages arrive again')
    expect(received.filter((message) => message === 'lost')).toEqual([])
  })

  test('T1: a Redis that has stopped gets the messages of one second at most', async () => {
    const { publisher, subscriber } = await open()
    const bus = createRedisBus({ publisher, subscriber })
    const received: string[] = []
    await subscribe(bus, 'stopped', (message) => received.push(message))
    engine().pause()
    const stoppedAt = performance.now()
    await until(() => {
      void bus.publish('stopped', 'early')
      return performance.now() - stoppedAt > 1200
    }, 'a second has passed')
    for (let number = 0; number < 100; number++) expect(await bus.publish('stopped', 'dropped')).toBeUndefined()
    engine().resume()
    await until(async () => (await bus.publish('stopped', 'last')) === 1, 'it answers again')
    await until(() => received.includes('last'), 'messages arrive again')
    expect(received.filter((message) => message === 'dropped')).toEqual([])
  })

  test('a Redis without sharded pub/sub is served with the plain one', async () => {
    const { publisher, subscriber } = await open()
    const bus = createRedisBus({ publisher: withoutSharded(publisher), subscriber })
    const received: string[] = []
    await subscribe(bus, 'plain', (message) => received.push(message))
    expect(await pubSub('NUMSUB', 'om:plain')).toEqual(['om:plain', '1'])
    expect(await bus.publish('plain', 'x')).toBe(1)
    await until(() => received.length === 1, 'it arrives')
  })
})

/** Asks the server about its subscriptions. */
async function pubSub(question: string, ...words: string[]): Promise<string[]> {
  const client = new Redis(port(), '127.0.0.1')
  const answer = (await client.call('PUBSUB', question, ...words)) as unknown[]
  client.disconnect()
  return answer.map(String)
}

/** A client whose server does not know `SSUBSCRIBE`. */
function withoutSharded<Client extends object>(client: Client): Client {
  const answer = (method: string, words: readonly unknown[]) => {
    const [name] = words.flat()
    if (name === 'COMMAND') return Promise.resolve([null])
    return (Reflect.get(client, method) as (...values: unknown[]) => unknown).apply(client, [...words])
  }
  return new Proxy(client, {
    get(target, property) {
      if (property === 'call' || property === 'sendCommand') {
        return (...words: unknown[]) => answer(property, words)
      }
      const value: unknown = Reflect.get(target, property)
      return typeof value === 'function' ? (value as () => unknown).bind(target) : value
    },
  })
}

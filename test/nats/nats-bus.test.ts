import { connect as connectNodeTransport } from '@nats-io/transport-node'
import { connect as connectNats2 } from 'nats'
import { describe, expect, test } from 'vitest'
import { createNatsBus } from '../../src/nats/index.ts'
import { shareEngine } from '../support/cluster/bus-contract.ts'
import { atEnd, until } from '../support/server/harness.ts'

const engine = shareEngine('nats')
const ignore = () => {}

const options = () => ({
  servers: `127.0.0.1:${engine().address.ports[0]!}`,
  maxReconnectAttempts: -1,
  reconnectTimeWait: 100,
})
const libraries = [
  { library: '@nats-io/transport-node 3', connect: () => connectNodeTransport(options()) },
  { library: 'nats 2', connect: () => connectNats2(options()) },
]

describe.each(libraries)('$library', ({ connect }) => {
  test('a channel is one subject, and the prefix stands before it', async () => {
    const connection = await connect()
    atEnd(() => connection.close())
    const bus = createNatsBus(connection, { prefix: 'my-app.' })
    const subjects: string[] = []
    const watcher = await connect()
    atEnd(() => watcher.close())
    watcher.subscribe('>', { callback: (_, { subject }) => void subjects.push(subject) })
    await watcher.flush()
    void bus.publish('a-b_c%3A:d', 'x')
    await until(() => subjects.length === 1, 'the watcher reads it')
    expect(subjects).toEqual(['my-app.a-b_c%3A:d'])
  })

  test('B12: it is active again after a lost connection, and T1: what was published meanwhile does not arrive', async () => {
    const connection = await connect()
    atEnd(() => connection.close())
    const bus = createNatsBus(connection)
    const received: string[] = []
    let timesActive = 0
    bus.subscribe(
      'a',
      (message) => received.push(message),
      () => timesActive++,
    )
    await until(() => timesActive === 1, 'the subscription is active')
    await engine().kill()
    for (let number = 0; number < 3; number++) {
      void bus.publish('a', 'lost')
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    await engine().restart()
    await until(() => timesActive === 2, 'it is active again')
    void bus.publish('a', 'after')
    await until(() => received.length > 0, 'a message arrives')
    expect(received).toEqual(['after'])
  })

  test('T1: a NATS that has stopped gets the messages of two seconds at most', async () => {
    const connection = await connect()
    atEnd(() => connection.close())
    const bus = createNatsBus(connection)
    const received: string[] = []
    let isActive = false
    bus.subscribe(
      'stopped',
      (message) => received.push(message),
      () => (isActive = true),
    )
    await until(() => isActive, 'the subscription is active')
    engine().pause()
    const stoppedAt = performance.now()
    await until(() => {
      void bus.publish('stopped', 'early')
      return performance.now() - stoppedAt > 2200
    }, 'two seconds have passed')
    for (let number = 0; number < 100; number++) void bus.publish('stopped', 'dropped')
    engine().resume()
    await until(() => {
      void bus.publish('stopped', 'last')
      return received.includes('last')
    }, 'messages arrive again')
    expect(received.filter((message) => message === 'dropped')).toEqual([])
  })

  test('a closed connection disturbs nobody', async () => {
    const connection = await connect()
    const bus = createNatsBus(connection)
    const end = bus.subscribe('a', ignore, ignore)
    await connection.close()
    void bus.publish('a', 'x')
    end()
    bus.subscribe('b', ignore, ignore)()
  })
})

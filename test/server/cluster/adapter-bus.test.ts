import { Server } from 'socket.io'
import { Adapter } from 'socket.io-adapter'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { openAdapterBus } from '../../../src/server/cluster/adapter-bus.ts'

type Packet = readonly [event: string, sender: string, number: number, messages: readonly (readonly string[])[]]

/** A node whose adapter keeps what is published. */
function openNode({ emit }: { emit?: () => unknown } = {}) {
  const packets: Packet[] = []
  let isClosed = false
  class RecordingAdapter extends Adapter {
    override serverSideEmit(packet: unknown[]): void {
      expect(isClosed).toBe(false)
      packets.push(packet as unknown as Packet)
      return emit?.() as undefined
    }
    override close(): void {
      isClosed = true
    }
  }
  const namespace = new Server({ adapter: RecordingAdapter }).of('/')
  const receive = (...values: unknown[]) => namespace._onServerSideEmit(['om:bus', ...values])
  return { namespace, packets, receive, bus: openAdapterBus(namespace)! }
}

describe('in fake time', () => {
  beforeEach(
    () =>
      void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'setInterval', 'clearInterval', 'performance'] }),
  )
  afterEach(() => void vi.useRealTimers())

  test('what is published in one tick travels in one packet, and packets are numbered', async () => {
    const { bus, packets } = openNode()
    void bus.publish('a', '1')
    void bus.publish('b', '2')
    expect(packets).toEqual([])
    await Promise.resolve()
    void bus.publish('a', '3')
    await Promise.resolve()
    expect(packets.map(([event, , number, messages]) => [event, number, messages])).toEqual([
      [
        'om:bus',
        1,
        [
          ['a', '1'],
          ['b', '2'],
        ],
      ],
      ['om:bus', 2, [['a', '3']]],
    ])
  })

  test('long messages travel in packets of about 64 kB', async () => {
    const { bus, packets } = openNode()
    for (let count = 0; count < 10; count++) void bus.publish('a', 'x'.repeat(20_000))
    void bus.publish('a', 'y'.repeat(100_000))
    await Promise.resolve()
    expect(packets.map(([, , number, messages]) => [number, messages.length])).toEqual([
      [1, 3],
      [2, 3],
      [3, 3],
      [4, 1],
      [5, 1],
    ])
  })

  test('a node repeats its number for 10 s after it has published, and is silent before and after', async () => {
    const { bus, packets } = openNode()
    bus.subscribe(
      'a',
      () => {},
      () => {},
    )
    vi.advanceTimersByTime(20_000)
    expect(packets).toEqual([])
    void bus.publish('a', '1')
    await Promise.resolve()
    vi.advanceTimersByTime(60_000)
    const reminders = packets.slice(1)
    expect(reminders.length).toBe(10)
    expect(reminders.every(([, , number, messages]) => number === 1 && messages.length === 0)).toBe(true)
  })

  test('B12: when packets are lost, every subscription is reported as active again', async () => {
    const { bus, receive } = openNode()
    const active: string[] = []
    bus.subscribe(
      'a',
      () => {},
      () => active.push('a'),
    )
    const end = bus.subscribe(
      'b',
      () => {},
      () => active.push('b'),
    )
    bus.subscribe(
      'c',
      () => {},
      () => active.push('c'),
    )
    await Promise.resolve()
    end()
    active.length = 0
    receive('node', 1, [['a', '1']])
    receive('node', 4, [])
    vi.advanceTimersByTime(301)
    expect(active).toEqual(['a', 'c'])
  })

  test('B12: a packet whose number a reminder has announced may still be on its way', () => {
    const { bus, receive } = openNode()
    const active: string[] = []
    bus.subscribe(
      'a',
      () => {},
      () => active.push('a'),
    )
    receive('node', 1, [['a', '1']])
    receive('node', 2, [])
    vi.advanceTimersByTime(100)
    receive('node', 2, [['a', '2']])
    vi.advanceTimersByTime(1000)
    expect(active).toEqual([])
    // And one that has not arrived by then is lost.
    receive('node', 3, [])
    vi.advanceTimersByTime(301)
    expect(active).toEqual(['a'])
  })

  test('B5, B6: a subscription is active after the call, and none is once the bus is closed', async () => {
    const { bus } = openNode()
    const active: string[] = []
    const subscribe = (channel: string) =>
      bus.subscribe(
        channel,
        () => {},
        () => active.push(channel),
      )
    subscribe('a')
    expect(active).toEqual([])
    await Promise.resolve()
    bus.close()
    subscribe('b')
    await Promise.resolve()
    expect(active).toEqual(['a'])
  })

  test('what is no packet is ignored', () => {
    const { bus, receive } = openNode()
    const received: string[] = []
    bus.subscribe(
      'a',
      (message) => received.push(message),
      () => {},
    )
    receive()
    receive('node', 1, [['a', 1]])
    receive('node', 1, 'a')
    receive('node', 1, [['a', 'right']])
    expect(received).toEqual(['right'])
  })

  test('B9: an adapter that throws or rejects disturbs nobody', async () => {
    const rejecting = openNode({ emit: () => Promise.reject(new Error('Redis is down')) })
    const throwing = openNode({
      emit() {
        throw new Error('closed')
      },
    })
    for (const { bus, packets } of [rejecting, throwing]) {
      expect(bus.publish('a', '1')).toBeUndefined()
      await Promise.resolve()
      expect(packets.length).toBe(1)
    }
  })

  test('what is published when the adapter closes still leaves, and nothing follows', async () => {
    const { bus, namespace, packets } = openNode()
    bus.onClose(() => void bus.publish('a', 'goodbye'))
    void namespace.adapter.close()
    await Promise.resolve()
    expect(packets.map(([, , , messages]) => messages)).toEqual([[['a', 'goodbye']]])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('close sends what is published, and leaves nothing on the namespace and its adapter', async () => {
    const { bus, namespace, packets, receive } = openNode()
    const { close } = Object.getPrototypeOf(namespace.adapter) as { close: unknown }
    const received: string[] = []
    bus.subscribe(
      'a',
      (message) => received.push(message),
      () => {},
    )
    void bus.publish('a', 'last')
    bus.close()
    bus.close()
    void bus.publish('a', 'too late')
    await Promise.resolve()
    receive('node', 1, [['a', '1']])
    vi.advanceTimersByTime(5000)
    expect(packets.map(([, , , messages]) => messages)).toEqual([[['a', 'last']]])
    expect(received).toEqual([])
    expect(namespace.listeners('om:bus' as never)).toEqual([])
    expect(namespace.adapter.close).toBe(close)
  })

  test('close leaves what other code has put in place of the adapter’s close', () => {
    const { bus, namespace } = openNode()
    const closeOfOthers = () => {}
    namespace.adapter.close = closeOfOthers
    bus.close()
    expect(namespace.adapter.close).toBe(closeOfOthers)
  })
})

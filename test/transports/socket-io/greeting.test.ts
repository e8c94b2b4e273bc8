import { afterAll, beforeEach, describe, expect, test, vi } from 'vitest'
import { isFailure } from '../../../src/core/message/failure.ts'
import {
  createVirtualClient,
  createVirtualServer,
  createVirtualTime,
  type Fate,
  sendVirtually,
  updateTypists,
} from '../../support/networks/virtual-network.ts'

const MINUTE = 60_000
const DAY = 24 * 60 * MINUTE

const warn = vi.spyOn(console, 'warn')
beforeEach(() => {
  warn.mockReset().mockReturnValue()
})
afterAll(() => {
  warn.mockRestore()
})

/** A client that connects over a network with these delays. */
function connect({ up, down }: { readonly up: number; readonly down: number }) {
  const time = createVirtualTime()
  const server = createVirtualServer(time, 2000)
  const client = createVirtualClient(time, server)
  client.setDelay('up', up)
  client.setDelay('down', down)
  client.connect()
  /** Lets time pass, and returns how many hellos were said meanwhile. */
  const hellosIn = (duration: number) => {
    const before = client.hellos()
    time.pass(duration)
    return client.hellos() - before
  }
  return { time, server, client, greeting: client.greeting, hellosIn }
}

describe('hellos are few', () => {
  test('one on a new connection, and one in eight minutes because of drift', () => {
    const { client, hellosIn } = connect({ up: 20, down: 20 })
    hellosIn(1000)
    expect(client.hellos()).toBe(1)
    expect(hellosIn(7 * MINUTE)).toBe(0)
    const inADay = hellosIn(DAY)
    expect(inADay).toBeGreaterThan(150)
    expect(inADay).toBeLessThan(200)
  })

  test('K1: on a link that is too slow: five at once, then one in 5 s, and it is never online', () => {
    const { client, greeting, hellosIn } = connect({ up: 100, down: 910 })
    hellosIn(4999)
    expect(client.hellos()).toBe(5)
    expect(warn).not.toHaveBeenCalled()
    expect(hellosIn(10 * MINUTE)).toBeLessThanOrEqual(120)
    expect(greeting.server()).toBeUndefined()
    expect(warn.mock.calls).toEqual([
      [expect.stringMatching(/^The network is too slow: .* raise maxAge\. \(react-online-message: offline\)$/)],
    ])
  })

  test('K1: on a link that is nearly too slow: five at once, then two a minute, and it stays online', () => {
    const { client, greeting, hellosIn } = connect({ up: 0, down: 900 })
    hellosIn(10_000)
    expect(client.hellos()).toBe(5)
    expect(greeting.server()).toBeDefined()
    for (let minute = 0; minute < 30; minute++) {
      expect(hellosIn(MINUTE)).toBeLessThanOrEqual(2)
      expect(greeting.server()).toBeDefined()
    }
  })

  test('K2: typing updates that have expired: one in 5 s', () => {
    const { client, server, greeting, hellosIn } = connect({ up: 10, down: 10 })
    hellosIn(MINUTE)
    client.setDelay('down', 2500)
    for (let count = 0; count < 50; count++) updateTypists(server, client)
    expect(hellosIn(4000)).toBe(1)
    client.setDelay('down', 10)
    expect(hellosIn(3000)).toBe(0)
    expect(greeting.server()).toBeDefined()
  })

  test('K3: refusals for age: one in 5 s, and the connection stays online', () => {
    const { client, greeting, hellosIn } = connect({ up: 10, down: 10 })
    hellosIn(MINUTE)
    for (let second = 0; second < 9; second++) {
      for (let count = 0; count < 10; count++) greeting.doubtClock()
      expect(greeting.server()).toBeDefined()
      hellosIn(1000)
    }
    expect(client.hellos()).toBe(1 + 2)
  })
})

describe('K1: a lopsided network', () => {
  test('the way down takes 4.4 s for the first hello: online only when the second one has been answered', () => {
    const { client, greeting, time } = connect({ up: 0, down: 4400 })
    time.pass(1)
    client.setDelay('down', 5)
    for (let moment = 1; moment < 4400; moment += 50) {
      expect(greeting.server()).toBeUndefined()
      time.pass(50)
    }
    time.pass(60)
    expect(greeting.server()).toBeDefined()
    expect(client.hellos()).toBe(2)
    expect(greeting.server()!.clock.errorBound()).toBeLessThan(10)
  })

  test('an answer that is no longer waited for still counts', () => {
    const { client, greeting, time } = connect({ up: 0, down: 6000 })
    time.pass(5500)
    // The first hello has been given up, and the second one is under way.
    expect([client.hellos(), greeting.server() !== undefined]).toEqual([2, false])
    client.setDelay('down', 5)
    client.setDelay('up', 5)
    time.pass(600)
    expect(greeting.isWelcome()).toBe(true)
    time.pass(6000)
    expect(greeting.server()).toBeDefined()
  })
})

describe('G1: what waits for a hello', () => {
  test('is not sent when the device has slept meanwhile: nobody knows how old it is', () => {
    const { time, server, client } = connect({ up: 100, down: 100 })
    const outcomes: unknown[] = []
    client.greeting.withServer((outcome) => outcomes.push(isFailure(outcome) ? outcome.code : 'server'))
    time.pass(50)
    client.sleep(10_000)
    time.pass(20_000)
    expect(outcomes).toEqual(['offline'])
    expect(client.greeting.server()).toBeDefined()
    expect(server.maxAge).toBe(2000)
  })

  test('is not sent when the clock has jumped while the next hello was under way', () => {
    const { time, client, greeting } = connect({ up: 100, down: 100 })
    time.pass(1000)
    client.stepWallClock(5000)
    const outcomes: unknown[] = []
    greeting.withServer((outcome) => outcomes.push(isFailure(outcome) ? outcome.code : 'server'))
    expect(outcomes).toEqual([])
    client.sleep(5000)
    time.pass(10_000)
    expect(outcomes).toEqual(['offline'])
  })

  test('fails at once on a link that is too slow, while no hello is under way', () => {
    const { time, client } = connect({ up: 600, down: 600 })
    time.pass(7000)
    expect(client.hellos()).toBe(5)
    const outcomes: unknown[] = []
    client.greeting.withServer((outcome) => outcomes.push(isFailure(outcome) ? outcome.code : 'server'))
    expect(outcomes).toEqual(['offline'])
  })
})

test('G1: a sender stamps with the earliest time, and a reader judges by the latest: both err on the safe side', () => {
  const time = createVirtualTime()
  const server = createVirtualServer(time, 2000)
  const clients = [createVirtualClient(time, server), createVirtualClient(time, server)] as const
  const [from, to] = clients
  // The worst case: the whole round trip of each hello lies on one side.
  from.setDelay('up', 400)
  to.setDelay('down', 400)
  for (const client of clients) client.connect()
  time.pass(10_000)
  for (const client of clients) for (const direction of ['up', 'down'] as const) client.setDelay(direction, 0)

  const fates: Fate[] = []
  const sendThatTakes = (delay: number) => {
    from.setDelay('up', delay)
    sendVirtually({ server, from, to, onFate: (fate) => fates.push(fate) })
    time.pass(3000)
  }
  sendThatTakes(1100)
  sendThatTakes(1990)
  const [fresh, nearlyExpired] = fates
  expect(fresh).toMatchObject({ isDelivered: true })
  // It is dropped though it is younger than maxAge: by less than twice both error bounds.
  expect(nearlyExpired).toMatchObject({ isDelivered: false })
  expect(nearlyExpired!.age).toBeGreaterThan(2000 - nearlyExpired!.allowance)
})

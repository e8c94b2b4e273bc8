import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  createVirtualClient,
  createVirtualServer,
  createVirtualTime,
  type Fate,
  sendVirtually,
  updateTypists,
  type VirtualClient,
} from '../../support/networks/virtual-network.ts'

// A link that is too slow says so on the console: here there are thousands.
beforeEach(() => {
  vi.spyOn(console, 'warn').mockReturnValue()
})
afterEach(() => {
  vi.restoreAllMocks()
})

/** Stamps and the server's time are whole milliseconds, and each measurement allows for 1 ms. */
const ROUNDING = 4

type Who = 0 | 1
type Step =
  | { readonly type: 'wait'; readonly for: number }
  | { readonly type: 'delay'; readonly who: Who; readonly direction: 'up' | 'down'; readonly delay: number }
  | { readonly type: 'lose'; readonly who: Who; readonly direction: 'up' | 'down' }
  | { readonly type: 'send'; readonly from: Who }
  | { readonly type: 'update'; readonly who: Who }
  | { readonly type: 'drift'; readonly ppm: number }
  | { readonly type: 'jump'; readonly who: Who; readonly by: number }
  | { readonly type: 'reconnect'; readonly who: Who }
  | { readonly type: 'other-node'; readonly step: number }

const who = fc.constantFrom<Who>(0, 1)
const direction = fc.constantFrom('up' as const, 'down' as const)
const HOUR = 3_600_000

/** Often fast, sometimes slow, sometimes as slow as a connection that is nearly dead. */
const delay = fc.oneof(
  fc.integer({ min: 0, max: 60 }),
  fc.integer({ min: 0, max: 1200 }),
  fc.integer({ min: 0, max: 10_000 }),
)
const pause = fc.oneof(
  fc.integer({ min: 0, max: 200 }),
  fc.integer({ min: 0, max: 8000 }),
  fc.integer({ min: 0, max: 20 * 60_000 }),
)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), for: pause }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('send' as const), from: who }) },
  { weight: 3, arbitrary: fc.record({ type: fc.constant('delay' as const), who, direction, delay }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('update' as const), who }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('lose' as const), who, direction }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('drift' as const), ppm: fc.integer({ min: -500, max: 500 }) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('jump' as const), who, by: fc.integer({ min: -HOUR, max: HOUR }) }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('reconnect' as const), who }) },
  {
    weight: 1,
    arbitrary: fc.record({ type: fc.constant('other-node' as const), step: fc.integer({ min: -HOUR, max: HOUR }) }),
  },
)

const scenario = fc.record({
  maxAge: fc.constantFrom(200, 2000, 10_000),
  /** A jump is a sleep, or somebody sets the wall clock. Both at once could cancel out. */
  jumpsAreSleeps: fc.boolean(),
  steps: fc.array(step, { minLength: 1, maxLength: 24 }),
})

/** Plays a scenario, checks the clocks all the time, and returns what became of every message that was sent. */
function play({ maxAge, jumpsAreSleeps, steps }: typeof scenario extends fc.Arbitrary<infer T> ? T : never): Fate[] {
  const time = createVirtualTime()
  const server = createVirtualServer(time, maxAge)
  const clients = [createVirtualClient(time, server), createVirtualClient(time, server)] as const
  const fates: Fate[] = []
  let connections = 2
  let jumps = 0

  const checkClock = ({ greeting, steadyNow, isAwake }: VirtualClient) => {
    const known = greeting.server()
    if (!known || !isAwake()) return
    const bound = known.clock.errorBound()
    const earliest = known.clock.stamp(steadyNow())
    const latest = known.clock.oldestAge(0)
    const now = server.now()
    if (!(bound <= maxAge / 4)) throw new Error(`K1: online with an error bound of ${bound} ms`)
    if (earliest > now || latest < now) {
      throw new Error(`K1: online, and ${now} is not between ${earliest} and ${latest}`)
    }
  }
  const watch = () => {
    clients.forEach(checkClock)
    time.after(700, watch)
  }
  time.after(0, watch)
  for (const client of clients) client.connect()

  for (const step of steps) {
    if (step.type === 'wait') {
      time.pass(step.for)
    } else if (step.type === 'delay') {
      clients[step.who].setDelay(step.direction, step.delay)
    } else if (step.type === 'lose') {
      clients[step.who].loseNext(step.direction)
    } else if (step.type === 'send') {
      const from = clients[step.from]
      const to = clients[step.from === 0 ? 1 : 0]
      if (from.isAwake()) sendVirtually({ server, from, to, onFate: (fate) => fates.push(fate) })
    } else if (step.type === 'update') {
      updateTypists(server, clients[step.who])
    } else if (step.type === 'drift') {
      server.setDrift(step.ppm)
    } else if (step.type === 'jump') {
      const client = clients[step.who]
      jumps++
      // A sleep of half a second or less is not noticed, and makes the clock wrong by as much.
      if (!jumpsAreSleeps) client.stepWallClock(step.by)
      else if (client.isAwake()) client.sleep(600 + Math.abs(step.by % 60_000))
    } else if (step.type === 'reconnect') {
      connections++
      clients[step.who].disconnect()
      if (clients[step.who].isAwake()) clients[step.who].connect()
    } else {
      connections += 2
      for (const client of clients) client.disconnect()
      server.step(step.step)
      for (const client of clients) if (client.isAwake()) client.connect()
    }
    clients.forEach(checkClock)
  }
  time.pass(30_000)

  const hellos = clients[0].hellos() + clients[1].hellos()
  // Five at once after each beginning and each jump, and after that one in 5 s.
  const most = 5 * (connections + jumps) + 2 * Math.ceil(time.now() / 5000 + 1)
  if (hellos > most) throw new Error(`Hellos are few: ${hellos} are more than ${most}`)

  for (const { isDelivered, age, allowance } of fates) {
    if (isDelivered && age > maxAge) throw new Error(`G1: delivered ${age} ms old`)
    if (!isDelivered && age < maxAge - allowance - ROUNDING) throw new Error(`K1: dropped ${age} ms old`)
  }
  return fates
}

test('G1, K1: whatever the network and the clocks do, nothing expired is delivered, nothing fresh is dropped, and hellos are few', () => {
  let delivered = 0
  let dropped = 0
  const property = fc.property(scenario, (played) => {
    for (const { isDelivered } of play(played)) {
      if (isDelivered) delivered++
      else dropped++
    }
  })
  fc.assert(property, { numRuns: 10_000 })
  // The scenarios are worth something only if much happens in them.
  expect(delivered).toBeGreaterThan(2000)
  expect(dropped).toBeGreaterThan(500)
}, 60_000)

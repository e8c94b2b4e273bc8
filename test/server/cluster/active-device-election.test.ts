import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  CLAIM_INTERVAL,
  CLAIM_LIFE,
  type Claim,
  createActiveDeviceElection,
} from '../../../src/server/cluster/active-device-election.ts'
import { createElectionNetwork, type ElectionNetwork } from '../../support/cluster/election-network.ts'

const ERROR_BOUND = 40

/** After a crash: the claim of the dead node has expired, and the others have agreed. */
const SETTLED_AFTER = CLAIM_LIFE + 5000

function createRandom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state * 16_807) % 2_147_483_647
    return state / 2_147_483_647
  }
}

interface Setup {
  readonly ids?: readonly string[]
  readonly maxDelay?: number
  readonly seed?: number
}

const start = ({ ids = ['a', 'b', 'c'], maxDelay = 20, seed = 7 }: Setup = {}): ElectionNetwork =>
  createElectionNetwork({ ids, errorBound: ERROR_BOUND, maxDelay, random: createRandom(seed) })

/** All orders of three node ids: they break ties, so each case runs with each of them. */
const orders = [
  ['a', 'b', 'c'],
  ['a', 'c', 'b'],
  ['b', 'a', 'c'],
  ['b', 'c', 'a'],
  ['c', 'a', 'b'],
  ['c', 'b', 'a'],
].map((ids) => [ids.join(''), ids] as const)

describe.each(orders)('active-device with the node ids %s', (_, ids) => {
  test('a node that is alone has the active device, and publishes nothing but its first question', () => {
    const network = start({ ids })
    network.subscribe(0)
    network.wait(60_000)
    network.use(0)
    network.wait(60_000)
    expect([network.active(), network.countMessages()]).toEqual([[0], 1])
  })

  test('a device that subscribes later has it, within the round trip', () => {
    const network = start({ ids })
    network.subscribe(0)
    network.wait(1000)
    network.subscribe(1)
    expect(network.active()).toEqual([0, 1])
    network.wait(200)
    expect(network.active()).toEqual([1])
    network.subscribe(2)
    network.wait(200)
    expect(network.active()).toEqual([2])
  })

  test('a use takes it at once, and the others follow', () => {
    const network = start({ ids })
    for (const node of [0, 1, 2]) {
      network.subscribe(node)
      network.wait(1000)
    }
    for (const node of [0, 1, 0, 2, 1]) {
      network.use(node)
      expect(network.active()).toContain(node)
      network.wait(25)
      expect(network.active()).toEqual([node])
      network.wait(100)
    }
  })

  test('when it unsubscribes, the one that was used last before it has it', () => {
    const network = start({ ids })
    for (const node of [0, 1, 2, 0]) {
      network.subscribe(node)
      network.wait(1000)
    }
    network.use(0)
    network.wait(1000)
    network.use(1)
    network.wait(1000)
    // Their nodes, from the latest use back: 1, 0 (its first device), 0 (its second one), 2.
    for (const next of [0, 0, 2]) {
      const [active] = network.active()
      network.unsubscribe(active!)
      // One message later the others know.
      network.wait(25)
      expect(network.active().length).toBeGreaterThan(0)
      network.wait(300)
      expect([network.active(), network.latest()]).toEqual([[next], next])
    }
  })

  test('when its node dies, the one that was used last before it has it within 10 s', () => {
    const network = start({ ids })
    for (const node of [0, 1, 2]) {
      network.subscribe(node)
      network.wait(1000)
    }
    network.use(0)
    network.wait(1000)
    network.use(2)
    network.wait(1000)
    network.crash(2)
    network.wait(10_000)
    expect(network.active()).toEqual([0])
  })

  test('two devices that are used while their nodes are apart: the later one has it when the nodes meet again', () => {
    for (const last of [0, 1]) {
      const network = start({ ids })
      for (const node of [0, 1]) {
        network.subscribe(node)
        network.wait(1000)
      }
      network.cut(1)
      for (const node of [0, 1, 1 - last, last]) {
        network.use(node)
        network.wait(3000)
      }
      expect(network.active()).toEqual([0, 1])
      network.heal(1)
      network.wait(300)
      expect(network.active()).toEqual([last])
    }
  })

  test('when it unsubscribes while messages are lost, another one has it as soon as its node notices the loss', () => {
    const network = start({ ids })
    for (const node of [0, 1, 2]) {
      network.subscribe(node)
      network.wait(1000)
    }
    for (const node of [0, 1, 2]) network.cut(node)
    network.unsubscribe(2)
    network.wait(1000)
    for (const node of [0, 1, 2]) network.heal(node)
    expect(network.active()).toEqual([0, 1])
    network.wait(200)
    expect(network.active()).toEqual([1])
  })

  test('two that are used in the same instant: one is chosen', () => {
    const network = start({ ids })
    for (const node of [0, 1, 2]) {
      network.subscribe(node)
      network.wait(1000)
    }
    for (let round = 0; round < 30; round++) {
      // Often neither of them has it before, so both claim with the same number.
      network.use(round % 3)
      network.use((round + 1) % 3)
      expect(network.active().length).toBeGreaterThan(0)
      network.wait(200)
      expect(network.active()).toHaveLength(1)
      network.use((round + 2) % 3)
      network.wait(200)
    }
  })
})

const node = fc.nat(4)
const change = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({ do: fc.constantFrom('subscribe' as const, 'use' as const, 'use' as const), node }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('unsubscribe' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constantFrom('cut' as const, 'heal' as const, 'heal' as const), node }) },
  { weight: 1, arbitrary: fc.record({ do: fc.constant('crash' as const), node }) },
)
const step = fc.record({ change, pause: fc.oneof(fc.nat(300), fc.nat(3000), fc.nat(12_000)) })

test('whatever happens: after a while exactly one node has the active device, and it is the one that was used last', () => {
  const scenario = fc.record({
    ids: fc.shuffledSubarray(['a', 'b', 'c', 'd', 'e'], { minLength: 3 }),
    seed: fc.integer({ min: 1, max: 1e9 }),
    maxDelay: fc.constantFrom(5, 100, 700),
    steps: fc.array(step, { minLength: 3, maxLength: 30, size: 'max' }),
  })
  fc.assert(
    fc.property(scenario, ({ ids, seed, maxDelay, steps }) => {
      const network = start({ ids, maxDelay, seed })
      for (const { change: next, pause } of steps) {
        network[next.do](next.node)
        // What is used within less than this counts as used at the same time.
        network.wait(2 * ERROR_BOUND + 2 * maxDelay + pause)
      }
      for (const cut of ids.keys()) network.heal(cut)
      network.wait(SETTLED_AFTER)
      const latest = network.latest()
      expect(network.active()).toEqual(latest === undefined ? [] : [latest])
      // And so it stays.
      network.wait(30_000)
      expect(network.active()).toEqual(latest === undefined ? [] : [latest])
    }),
    { numRuns: 1000 },
  )
})

/** How long the answer to a question may take, in milliseconds. */
const ANSWER_TIME = 2000

/** One node, "m", between nodes "a" and "z" that the test plays. `state` is what surrounds it. */
function startOne() {
  const state = { now: 100_000, ownActiveAt: 0, changes: 0 }
  const published: Claim[] = []
  const election = createActiveDeviceElection({
    node: 'm',
    now: () => state.now,
    ownActiveAt: () => state.ownActiveAt,
    publish: (claim) => published.push(claim),
    onChange: () => {
      state.changes++
    },
  })
  const receive = (number: number, activeAt: number, node = 'z') =>
    election.receive({ node, number, activeAt, errorBound: ERROR_BOUND })
  return {
    state,
    election,
    receive,
    /** A device subscribes, or is used. The latest one unsubscribes if the time is earlier, and the last one with 0. */
    setDevice(activeAt: number) {
      state.ownActiveAt = activeAt
      election.devicesChanged()
    },
    /** What it has published since the last call. */
    said: () => published.splice(0).map(({ number, activeAt }) => [number, activeAt]),
  }
}

/** The same, when it has a device since 90,000 and the active device is on it, with claim 1. */
function startHolder() {
  const one = startOne()
  one.setDevice(90_000)
  one.receive(0, 80_000)
  expect(one.said()).toEqual([
    [0, 90_000],
    [1, 90_000],
  ])
  return one
}

/** The same, when it has a device since 90,000 and node "z" has had the active device since 95,000, with claim 3. */
function startRival() {
  const one = startOne()
  one.setDevice(90_000)
  one.receive(3, 95_000)
  expect([one.said(), one.election.isElsewhere()]).toEqual([[[0, 90_000]], true])
  return one
}

describe('one node', () => {
  test('a question is answered by the node that has the active device, and by one that knows of none', () => {
    const { receive, said } = startHolder()
    receive(0, 99_000)
    expect(said()).toEqual([[1, 90_000]])
    const rival = startRival()
    rival.receive(0, 99_000, 'a')
    expect(rival.said()).toEqual([])
    const withoutDevice = startOne()
    withoutDevice.receive(0, 99_000)
    expect(withoutDevice.said()).toEqual([])
  })

  test('a claim is higher than all before it, also than those that came late', () => {
    const { election, receive, said, state } = startRival()
    receive(7, 95_000, 'a')
    receive(5, 95_000)
    state.ownActiveAt = 100_000
    election.used()
    expect([said(), election.isElsewhere()]).toEqual([[[8, 100_000]], false])
  })

  test('a use claims only when the active device is elsewhere, and the new time is no reason to ask', () => {
    const { election, said, state } = startHolder()
    state.ownActiveAt = 100_000
    election.used()
    election.devicesChanged()
    expect(said()).toEqual([])
    const alone = startOne()
    alone.state.ownActiveAt = 100_000
    alone.election.used()
    alone.election.devicesChanged()
    expect(alone.said()).toEqual([])
  })

  test('it notices a change only when the active device comes or goes', () => {
    const { election, receive, state } = startOne()
    receive(1, 95_000)
    receive(2, 96_000, 'a')
    receive(2, 96_000, 'a')
    expect(state.changes).toBe(1)
    state.ownActiveAt = 100_000
    election.used()
    election.used()
    expect(state.changes).toBe(2)
    receive(9, 120_000)
    expect(state.changes).toBe(3)
    election.doubt()
    election.doubt()
    expect([state.changes, election.isElsewhere()]).toEqual([4, false])
  })

  test('of two claims with one number that of the greater node id counts; a lower one is answered by whoever has it', () => {
    const { election, receive, said } = startHolder()
    receive(1, 95_000, 'a')
    expect([said(), election.isElsewhere()]).toEqual([[[1, 90_000]], false])
    receive(1, 95_000, 'z')
    expect([said(), election.isElsewhere()]).toEqual([[], true])
    // Node "z" answers this one itself.
    receive(1, 99_000, 'a')
    expect(said()).toEqual([])
  })

  test('a device that has just subscribed counts as later in case of doubt, and any other one as earlier', () => {
    const outcomes = (isAsking: boolean, activeAt: number) => {
      const { election, receive, said, setDevice, state } = startOne()
      setDevice(90_000)
      said()
      if (!isAsking) state.now += ANSWER_TIME
      receive(3, activeAt)
      expect(said()).toEqual(election.isElsewhere() ? [] : [[4, 90_000]])
      return election.isElsewhere()
    }
    expect(outcomes(true, 90_000 + ERROR_BOUND)).toBe(false)
    expect(outcomes(true, 90_001 + ERROR_BOUND)).toBe(true)
    expect(outcomes(false, 90_000 - ERROR_BOUND)).toBe(true)
    expect(outcomes(false, 89_999 - ERROR_BOUND)).toBe(false)
  })

  test('it has just subscribed until somebody has answered, or until it has claimed', () => {
    const answered = startRival()
    answered.receive(4, 90_000)
    expect([answered.said(), answered.election.isElsewhere()]).toEqual([[], true])
    const claimed = startHolder()
    claimed.receive(4, 90_000)
    expect([claimed.said(), claimed.election.isElsewhere()]).toEqual([[], true])
    const stillAsking = startOne()
    stillAsking.setDevice(90_000)
    stillAsking.state.now += ANSWER_TIME - 1
    stillAsking.receive(4, 90_000)
    expect(stillAsking.election.isElsewhere()).toBe(false)
  })

  test('a node without a device never claims', () => {
    const { election, receive, said, state } = startOne()
    receive(3, 0)
    election.doubt()
    receive(3, 0)
    state.now += CLAIM_LIFE + 1
    election.check()
    receive(0, 0)
    expect(said()).toEqual([])
  })

  test('a later device of the node that has the active device changes nothing', () => {
    const { said, setDevice } = startHolder()
    setDevice(100_000)
    expect(said()).toEqual([])
  })

  test('when its latest device goes, it gives the active device up and asks, and a node that has it not says nothing', () => {
    const { said, setDevice } = startHolder()
    setDevice(50_000)
    expect(said()).toEqual([
      [0, 0],
      [0, 50_000],
    ])
    const last = startHolder()
    last.setDevice(0)
    expect(last.said()).toEqual([[0, 0]])
    const rival = startRival()
    rival.setDevice(50_000)
    rival.setDevice(0)
    expect(rival.said()).toEqual([])
  })

  test('a node that has heard of no other one says nothing but its first question', () => {
    const { election, said, setDevice, state } = startOne()
    setDevice(90_000)
    expect(said()).toEqual([[0, 90_000]])
    state.now += CLAIM_INTERVAL
    election.check()
    setDevice(50_000)
    setDevice(0)
    state.now += CLAIM_INTERVAL
    election.check()
    expect(said()).toEqual([])
  })

  test('when another node gives the active device up, it asks, and only if it was that node that had it', () => {
    const { election, receive, said } = startRival()
    receive(0, 0, 'a')
    expect([said(), election.isElsewhere()]).toEqual([[], true])
    receive(0, 0)
    expect([said(), election.isElsewhere()]).toEqual([[[0, 90_000]], false])
  })

  test('it repeats its claim every 5 s while there are others', () => {
    const { election, said, state } = startHolder()
    state.now += CLAIM_INTERVAL - 1
    election.check()
    expect(said()).toEqual([])
    state.now += 1
    election.check()
    election.check()
    expect(said()).toEqual([[1, 90_000]])
  })

  test('a node that is silent for more than 8 s after its last claim is gone', () => {
    const { election, receive, said, state } = startRival()
    state.now += CLAIM_LIFE
    election.check()
    receive(3, 95_000)
    state.now += CLAIM_LIFE
    election.check()
    expect([said(), election.isElsewhere()]).toEqual([[], true])
    state.now += 1
    election.check()
    expect([said(), election.isElsewhere()]).toEqual([[[0, 90_000]], false])
  })

  test('when messages may have been lost, the node that has the active device keeps it, and each with a device asks', () => {
    const holder = startHolder()
    holder.election.doubt()
    expect(holder.said()).toEqual([[0, 90_000]])
    holder.receive(0, 80_000)
    expect(holder.said()).toEqual([[1, 90_000]])
    const rival = startRival()
    rival.election.doubt()
    expect([rival.said(), rival.election.isElsewhere()]).toEqual([[[0, 90_000]], false])
  })
})

import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { CLAIM_LIFE } from '../../../src/server/cluster/active-device-election.ts'
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

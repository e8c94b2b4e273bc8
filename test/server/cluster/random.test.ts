import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import {
  CONVERSATION_COUNT,
  createRandomCluster,
  DEVICE_COUNT,
  type RandomCluster,
  type RandomClusterOptions,
  type Step,
} from '../../support/cluster/random-cluster.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** After an interruption that the nodes notice, who types is right within this time, in milliseconds. */
const HEAL_TIME = 3000

/** S5: otherwise, and after the death of a node, it is right when the leases have been renewed or have expired. */
const EXPIRY_TIME = 8000

const device = fc.nat(DEVICE_COUNT - 1)
const to = fc.nat(CONVERSATION_COUNT - 1)
const act = fc.record({
  do: fc.constantFrom(
    'subscribe' as const,
    'subscribe' as const,
    'unsubscribe' as const,
    'send' as const,
    'send' as const,
    'type' as const,
    'type' as const,
    'stop' as const,
  ),
  device,
  to,
})
const network = (loss: number) =>
  fc.record({
    do: fc.constant('network' as const),
    quality: fc.record({
      delay: fc.constantFrom(5, 50, 400, 1500),
      loss: fc.constantFrom(0, loss),
      repetition: fc.constantFrom(0, 0.3),
    }),
  })
const wait = fc.record({
  do: fc.constant('wait' as const),
  milliseconds: fc.oneof(fc.nat(50), fc.nat(1000), fc.nat(4000)),
})
const stepWith = (loss: number): fc.Arbitrary<Step> =>
  fc.oneof(
    { weight: 14, arbitrary: act },
    { weight: 5, arbitrary: wait },
    { weight: 1, arbitrary: network(loss) },
    {
      weight: 1,
      arbitrary: fc.record({ do: fc.constantFrom('interrupt' as const, 'restore' as const, 'restore' as const) }),
    },
  )
const kill = fc.record({ do: fc.constant('kill' as const), node: fc.nat(4) })

/** `CLUSTER_SEED` and `CLUSTER_RUNS` look further, or repeat a run. */
const seed = Number(process.env.CLUSTER_SEED ?? 20261126)
const numRuns = Number(process.env.CLUSTER_RUNS ?? 150)

/** Takes the steps, and checks what everybody has received. */
async function run(
  options: RandomClusterOptions,
  steps: readonly Step[],
  afterwards: (cluster: RandomCluster) => Promise<void>,
): Promise<RandomCluster['counts']> {
  const cluster = createRandomCluster(options)
  try {
    for (let index = 0; index < DEVICE_COUNT; index++) await cluster.take({ do: 'subscribe', device: index, to: 0 })
    for (const step of steps) await cluster.take(step)
    await afterwards(cluster)
    expect(cluster.broken).toEqual([])
    return cluster.counts
  } finally {
    cluster.close()
    vi.clearAllTimers()
  }
}

const nodeCount = fc.integer({ min: 3, max: 5 })
const runSeed = fc.integer({ min: 1, max: 1e9 })
const steps = (loss: number, { kills }: { readonly kills: boolean } = { kills: false }) =>
  fc.array(fc.oneof({ weight: 20, arbitrary: stepWith(loss) }, { weight: kills ? 1 : 0, arbitrary: kill }), {
    minLength: 20,
    maxLength: 80,
    size: 'max',
  })

/** Most of what the devices should see is seen: a network on which nothing arrives would pass all other checks. */
function expectTraffic(all: readonly RandomCluster['counts'][]): void {
  expect(all.filter(({ received }) => received > 0).length).toBeGreaterThan(all.length / 2)
  expect(all.filter(({ shown }) => shown > 0).length).toBeGreaterThan(all.length / 2)
}

test('G1, G2, T1, T4, R1, R3: whatever is lost, late, repeated, reordered or interrupted, nothing is late or twice, and who types is right within 3 s of an interruption', async () => {
  const all: RandomCluster['counts'][] = []
  const property = fc.asyncProperty(nodeCount, runSeed, steps(0.3), async (count, seedOfRun, list) => {
    const counts = await run({ nodeCount: count, seed: seedOfRun }, list, async (cluster) => {
      await cluster.heal(true)
      await cluster.take({ do: 'wait', milliseconds: HEAL_TIME })
      expect(cluster.wrongTypists()).toEqual([])
      // And so it stays.
      await cluster.take({ do: 'wait', milliseconds: 2 * EXPIRY_TIME })
      expect(cluster.wrongTypists()).toEqual([])
    })
    all.push(counts)
  })
  await fc.assert(property, { seed, numRuns })
  expectTraffic(all)
}, 120_000)

test('S5: also when nobody notices what was lost, or nodes die: within 8 s', async () => {
  const property = fc.asyncProperty(nodeCount, runSeed, steps(0.3, { kills: true }), async (count, seedOfRun, list) => {
    await run({ nodeCount: count, seed: seedOfRun }, list, async (cluster) => {
      await cluster.heal(false)
      await cluster.take({ do: 'wait', milliseconds: EXPIRY_TIME })
      expect(cluster.wrongTypists()).toEqual([])
    })
  })
  await fc.assert(property, { seed, numRuns })
}, 120_000)

test('T6: when all is well again, a message reaches every device that is subscribed', async () => {
  const property = fc.asyncProperty(nodeCount, runSeed, steps(0.3), async (count, seedOfRun, list) => {
    await run({ nodeCount: count, seed: seedOfRun }, list, async (cluster) => {
      await cluster.heal(false)
      await cluster.take({ do: 'wait', milliseconds: 2000 })
      for (let from = 0; from < DEVICE_COUNT; from++) {
        for (let where = 0; where < CONVERSATION_COUNT; where++) {
          const audience = cluster.audience(from, where)
          if (audience.length > 0) expect(await cluster.probe(from, where)).toEqual(audience)
        }
      }
    })
  })
  await fc.assert(property, { seed, numRuns: Math.ceil(numRuns / 2) })
}, 120_000)

test('G2: with active-device, after an interruption one device of the receiver gets a message, wherever the devices are', async () => {
  const property = fc.asyncProperty(nodeCount, runSeed, steps(0), async (count, seedOfRun, list) => {
    const options = { nodeCount: count, seed: seedOfRun, plugin: { deliverTo: 'active-device' as const } }
    await run(options, list, async (cluster) => {
      await cluster.heal(true)
      await cluster.take({ do: 'wait', milliseconds: HEAL_TIME })
      for (let from = 0; from < DEVICE_COUNT; from++) {
        for (let where = 1; where < CONVERSATION_COUNT; where++) {
          const audience = cluster.audience(from, where)
          if (audience.length > 0) expect(await cluster.probe(from, where)).toHaveLength(1)
        }
      }
    })
  })
  await fc.assert(property, { seed, numRuns: Math.ceil(numRuns / 2) })
}, 120_000)

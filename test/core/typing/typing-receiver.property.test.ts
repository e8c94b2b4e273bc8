import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Activity, TypingState, Typist } from '../../../src/core/index.ts'
import { createTypingReceiver } from '../../../src/core/typing/typing-receiver.ts'

const ids = ['ann', 'bob', 'cy', '']
const activities: Activity[] = ['typing', 'photo']

const typistArbitrary = fc.record({
  id: fc.constantFrom(...ids),
  since: fc.integer({ min: 1, max: 3 }),
  activity: fc.constantFrom(...activities),
})
const wait = fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6000 }) })
const clear = fc.record({ do: fc.constant('clear' as const), id: fc.constantFrom(...ids) })
const reset = fc.record({ do: fc.constant('reset' as const) })
const lease = fc.record({
  do: fc.constant('lease' as const),
  typist: typistArbitrary,
  ttl: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9000 })),
})
const update = fc.record({
  do: fc.constant('update' as const),
  typists: fc.uniqueArray(typistArbitrary, { selector: ({ id }) => id }),
  more: fc.nat(3),
})

/** A model without timers and maps: all leases that there are, and the time. */
interface Lease extends Typist {
  readonly until: number
}
interface Model {
  leases: Lease[]
  cleared: { readonly id: string; readonly since: number }[]
  unnamed: number
}

const isSame = (a: { id: string; since: number }, b: { id: string; since: number }) =>
  a.id === b.id && a.since === b.since

function viewOf(model: Model, now: number): TypingState {
  model.leases = model.leases.filter(({ until }) => until > now)
  model.cleared = model.cleared.filter((one) => model.leases.some((lease) => isSame(one, lease)))
  const shown = model.leases.filter((lease) => !model.cleared.some((one) => isSame(one, lease)))
  const typists = shown.filter(({ id }, i) => shown.findIndex((other) => other.id === id) === i)
  return {
    typists: typists.map(({ id, activity, since }) => ({ id, activity, since })),
    total: model.leases.length ? typists.length + model.unnamed : 0,
  }
}

const leaseSteps = fc.oneof({ weight: 5, arbitrary: lease }, { weight: 3, arbitrary: wait }, clear, reset)
const updateSteps = fc.oneof(
  { weight: 4, arbitrary: update },
  // A typing update lives for 90 s.
  { weight: 3, arbitrary: wait.map(({ ms }) => ({ do: 'wait' as const, ms: ms * 10 })) },
  clear,
  reset,
)
type Step = typeof leaseSteps | typeof updateSteps extends fc.Arbitrary<infer S> ? S : never

// Hundreds of runs need more than the default on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each<[string, fc.Arbitrary<Step>]>([
  ['leases', leaseSteps],
  ['typing updates', updateSteps],
])('R1–R6: with %s it publishes what a simple model says, and only changes', (_, step) => {
  let published = 0
  const run = (steps: readonly Step[]) => {
    // A run that fails leaves its timers to the next run.
    vi.clearAllTimers()
    const model: Model = { leases: [], cleared: [], unnamed: 0 }
    let state: TypingState = { typists: [], total: 0 }
    const subscribe = vi.fn(() => () => {})
    const receiver = createTypingReceiver(subscribe)
    receiver.subscribe((next) => {
      expect(next).not.toEqual(state)
      state = next
      published++
    })
    const check = () => {
      expect(state).toEqual(viewOf(model, performance.now()))
      expect(vi.getTimerCount()).toBe(model.leases.length ? 1 : 0)
    }

    for (const each of steps) {
      const now = performance.now()
      viewOf(model, now)
      switch (each.do) {
        case 'lease': {
          const { typist, ttl } = each
          const lease = { ...typist, until: now + ttl }
          const at = model.leases.findIndex((one) => isSame(one, lease))
          if (at < 0) model.leases.push(lease)
          else model.leases[at] = lease
          receiver.lease({ from: { id: typist.id }, data: { ttl, activity: typist.activity, since: typist.since } })
          break
        }
        case 'update':
          model.leases = each.typists.map((typist) => ({ ...typist, until: now + 90_000 }))
          model.unnamed = each.more
          receiver.update({ typists: each.typists, total: each.typists.length + each.more })
          break
        case 'clear':
          model.cleared.push(...model.leases.filter(({ id }) => id === each.id))
          receiver.clear(each.id)
          break
        case 'reset':
          model.leases = []
          receiver.reset()
          break
        case 'wait':
          for (let i = 0; i < 20; i++) {
            vi.advanceTimersByTime(Math.ceil(each.ms / 20))
            check()
          }
      }
      check()
    }
    receiver.reset()
    expect(vi.getTimerCount()).toBe(0)
    // Nobody slept, so that it never subscribed again.
    expect(subscribe).toHaveBeenCalledTimes(1)
  }
  fc.assert(fc.property(fc.array(step, { maxLength: 40, size: 'max' }), run), { numRuns: 100 })
  expect(published).toBeGreaterThan(200)
})

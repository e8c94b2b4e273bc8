import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import type { Activity, TypingState, Typist } from '../../../src/core/index.ts'
import { createTypingReceiver } from '../../../src/core/typing/typing-receiver.ts'
import { NO_TYPISTS } from '../../../src/core/typing/typing.ts'

const ids = ['ann', 'bob', 'cy', '']
const activities: Activity[] = ['typing', 'photo']

const claimed = fc.record({
  id: fc.constantFrom(...ids),
  since: fc.integer({ min: 1, max: 3 }),
  activity: fc.constantFrom(...activities),
})
const wait = fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 6000 }) })
const clear = fc.record({ do: fc.constant('clear' as const), id: fc.constantFrom(...ids) })
const reset = fc.record({ do: fc.constant('reset' as const) })
const lease = fc.record({
  do: fc.constant('lease' as const),
  typist: claimed,
  ttl: fc.oneof(fc.constant(0), fc.integer({ min: 1, max: 9000 })),
})
const digest = fc.record({
  do: fc.constant('digest' as const),
  typists: fc.uniqueArray(claimed, { selector: ({ id }) => id }),
  more: fc.nat(3),
})

/** A model without timers, maps or cleverness: every claim there ever was, and the time. */
interface Claim extends Typist {
  readonly until: number
}
interface Model {
  claims: Claim[]
  cleared: { readonly id: string; readonly since: number }[]
  unnamed: number
}

const isSame = (a: { id: string; since: number }, b: { id: string; since: number }) =>
  a.id === b.id && a.since === b.since

function viewOf(model: Model, now: number): TypingState {
  model.claims = model.claims.filter(({ until }) => until > now)
  model.cleared = model.cleared.filter((one) => model.claims.some((claim) => isSame(one, claim)))
  const shown = model.claims.filter((claim) => !model.cleared.some((one) => isSame(one, claim)))
  const typists = shown.filter(({ id }, i) => shown.findIndex((other) => other.id === id) === i)
  return {
    typists: typists.map(({ id, activity, since }) => ({ id, activity, since })),
    total: model.claims.length ? typists.length + model.unnamed : 0,
  }
}

const leases = fc.oneof({ weight: 5, arbitrary: lease }, { weight: 3, arbitrary: wait }, clear, reset)
const digests = fc.oneof(
  { weight: 4, arbitrary: digest },
  // A digest lives for 90 s.
  { weight: 3, arbitrary: wait.map(({ ms }) => ({ do: 'wait' as const, ms: ms * 10 })) },
  clear,
  reset,
)
type Step = typeof leases | typeof digests extends fc.Arbitrary<infer S> ? S : never

// Hundreds of runs, on a busy machine too.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

test.each<[string, fc.Arbitrary<Step>]>([
  ['leases', leases],
  ['digests', digests],
])('R1–R6 of %s: what is published is what a naive model says, and only news', (_, step) => {
  let news = 0
  const run = (steps: readonly Step[]) => {
    // A run that failed leaves its timers to the next.
    vi.clearAllTimers()
    const model: Model = { claims: [], cleared: [], unnamed: 0 }
    let state: TypingState = { typists: [], total: 0 }
    let joined = 0
    const receiver = createTypingReceiver(() => {
      // Nobody slept.
      expect(joined++).toBe(0)
      return () => {}
    })
    receiver.subscribe((next) => {
      expect(next).not.toEqual(state)
      state = next
      news++
    })
    const look = () => {
      expect(state).toEqual(viewOf(model, performance.now()))
      expect(vi.getTimerCount()).toBe(model.claims.length ? 1 : 0)
    }

    for (const each of steps) {
      const now = performance.now()
      viewOf(model, now)
      switch (each.do) {
        case 'lease': {
          const { typist, ttl } = each
          const claim = { ...typist, until: now + ttl }
          const at = model.claims.findIndex((one) => isSame(one, claim))
          if (at < 0) model.claims.push(claim)
          else model.claims[at] = claim
          receiver.lease({ from: { id: typist.id }, data: { ttl, activity: typist.activity, since: typist.since } })
          break
        }
        case 'digest':
          model.claims = each.typists.map((typist) => ({ ...typist, until: now + 90_000 }))
          model.unnamed = each.more
          receiver.digest({ typists: each.typists, total: each.typists.length + each.more })
          break
        case 'clear':
          model.cleared.push(...model.claims.filter(({ id }) => id === each.id))
          receiver.clear(each.id)
          break
        case 'reset':
          model.claims = []
          receiver.digest(NO_TYPISTS)
          break
        case 'wait':
          for (let i = 0; i < 20; i++) {
            vi.advanceTimersByTime(Math.ceil(each.ms / 20))
            look()
          }
      }
      look()
    }
    receiver.digest(NO_TYPISTS)
    expect(vi.getTimerCount()).toBe(0)
  }
  fc.assert(fc.property(fc.array(step, { maxLength: 40, size: 'max' }), run), { numRuns: 100 })
  expect(news).toBeGreaterThan(200)
})

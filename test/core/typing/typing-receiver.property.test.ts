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
  /** The sessions that have ended and whose message has not arrived, the one that ended first is the first. */
  ended: { readonly id: string; readonly since: number; readonly at: number }[]
  unnamed: number
}

const isSame = (a: { id: string; since: number }, b: { id: string; since: number }) =>
  a.id === b.id && a.since === b.since

function endSessions(model: Model, leases: readonly Lease[], now: number): void {
  for (const lease of [...leases].sort((a, b) => a.until - b.until)) {
    const isCleared = model.cleared.some((one) => isSame(one, lease))
    if (!isCleared) model.ended.push({ id: lease.id, since: lease.since, at: Math.min(now, lease.until) })
  }
}

/** A message of this user has arrived. Whether it belongs to a session that has ended. */
function takeEnded(model: Model, userId: string, now: number): boolean {
  model.ended = model.ended.filter(({ at }) => now - at <= 10_000)
  const first = model.ended.findIndex(({ id }) => id === userId)
  if (first >= 0) model.ended.splice(first, 1)
  return first >= 0
}

function goesOn(model: Model, session: { readonly id: string; readonly since: number }): void {
  model.ended = model.ended.filter((one) => !isSame(one, session))
}

function viewOf(model: Model, now: number): TypingState {
  endSessions(
    model,
    model.leases.filter(({ until }) => until <= now),
    now,
  )
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
    const model: Model = { leases: [], cleared: [], ended: [], unnamed: 0 }
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
          goesOn(model, lease)
          receiver.lease({ from: { id: typist.id }, data: { ttl, activity: typist.activity, since: typist.since } })
          break
        }
        case 'update': {
          const isNamed = (lease: Lease) => each.typists.some((typist) => isSame(typist, lease))
          endSessions(
            model,
            model.leases.filter((lease) => !isNamed(lease)),
            now,
          )
          for (const typist of each.typists) goesOn(model, typist)
          model.leases = each.typists.map((typist) => ({ ...typist, until: now + 90_000 }))
          model.unnamed = each.more
          receiver.update({ typists: each.typists, total: each.typists.length + each.more })
          break
        }
        case 'clear':
          if (!takeEnded(model, each.id, now)) model.cleared.push(...model.leases.filter(({ id }) => id === each.id))
          receiver.clear(each.id)
          break
        case 'reset':
          endSessions(model, model.leases, now)
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

/** What a typist does: a session of typing, and what becomes of it. */
const sessionArbitrary = fc.record({
  /** Before the first key. */
  pause: fc.integer({ min: 0, max: 2000 }),
  length: fc.integer({ min: 1, max: 6000 }),
  hasMessage: fc.constantFrom(true, true, true, false),
  /** How much longer than the release the message takes. A negative number means that it is faster. */
  slowness: fc.integer({ min: -400, max: 9000 }),
})

/** How long a lease, a release or an update takes: in order, since they share one connection. */
const TYPING_DELAY = 500

test.each(['leases', 'typing updates'])(
  'R6: with %s, a message that is up to 10 s slow never hides typing that began after it, and its own typing is gone',
  (form) => {
    let slowOnes = 0
    const run = (sessions: readonly (typeof sessionArbitrary extends fc.Arbitrary<infer S> ? S : never)[]) => {
      vi.clearAllTimers()
      const receiver = createTypingReceiver(() => () => {})
      const unsubscribe = receiver.subscribe(() => {})
      const began = Date.now()
      let at = 0
      const planned = sessions.map(({ pause, length, hasMessage, slowness }, index) => {
        const startsAt = at + pause
        const endsAt = startsAt + length
        at = endsAt
        const since = index + 1
        const session = { since, isShown: false, hasReleaseArrived: false, hasMessageArrived: false, hasMessage }
        // The start arrives.
        setTimeout(() => {
          session.isShown = true
          if (form === 'leases') receiver.lease({ from: { id: 'ann' }, data: { ttl: 60_000, since } })
          else receiver.update({ typists: [{ id: 'ann', activity: 'typing', since }], total: 1 })
        }, startsAt + TYPING_DELAY)
        // The typist calls stop() and sends the message. The release arrives.
        setTimeout(() => {
          session.isShown = false
          session.hasReleaseArrived = true
          if (form === 'leases') receiver.lease({ from: { id: 'ann' }, data: { ttl: 0, since } })
          else receiver.update({ typists: [], total: 0 })
        }, endsAt + TYPING_DELAY)
        if (hasMessage) {
          setTimeout(
            () => {
              session.hasMessageArrived = true
              if (planned.some((other) => other.since > since && other.isShown)) slowOnes++
              receiver.clear('ann')
            },
            // It is not faster than its own start, which nothing could hide then but its release.
            Math.max(startsAt, endsAt + slowness) + TYPING_DELAY,
          )
        }
        return session
      })
      const lastAt = at + TYPING_DELAY + 9000
      while (Date.now() - began < lastAt) {
        vi.advanceTimersByTime(100)
        const shown = receiver.getState().typists.map(({ since }) => since)
        for (const session of planned) {
          const isShown = shown.includes(session.since)
          // Only its own message hides it, and with its release it is gone.
          if (session.isShown && !session.hasMessageArrived) expect(isShown).toBe(true)
          if (session.hasReleaseArrived) expect(isShown).toBe(false)
          // Its message hides it at once, if no earlier typing has ended without a message that has arrived.
          const isClear = planned
            .filter(({ since }) => since < session.since)
            .every(({ hasMessage, hasMessageArrived }) => hasMessage && hasMessageArrived)
          if (session.hasMessageArrived && isClear) expect(isShown).toBe(false)
        }
      }
      unsubscribe()
      expect(vi.getTimerCount()).toBe(0)
    }
    fc.assert(fc.property(fc.array(sessionArbitrary, { minLength: 1, maxLength: 6, size: 'max' }), run), {
      numRuns: 150,
    })
    // The test of the test: messages arrived while later typing was shown.
    expect(slowOnes).toBeGreaterThan(50)
  },
)

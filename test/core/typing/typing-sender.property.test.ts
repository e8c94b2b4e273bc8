import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Activity, ConnectionState, TypingLease } from '../../../src/core/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { typingSessions } from '../../support/typing-sessions.ts'

type Step =
  | { readonly do: 'key' | 'key in an empty field' | 'empty the field' | 'stop' | 'hide' | 'show' | 'leave' }
  | { readonly do: 'start activity'; readonly activity: Activity }
  | { readonly do: 'end activity'; readonly which: number }
  | { readonly do: 'connection'; readonly state: ConnectionState }
  | { readonly do: 'wait'; readonly ms: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.constant<Step>({ do: 'key' }) },
  {
    weight: 3,
    arbitrary: fc.constantFrom<Step>(
      { do: 'key in an empty field' },
      { do: 'empty the field' },
      { do: 'stop' },
      { do: 'hide' },
      { do: 'show' },
      { do: 'leave' },
    ),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('start activity' as const),
      activity: fc.constantFrom('file', 'photo', 'recording'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end activity' as const), which: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('connection' as const),
      state: fc.constantFrom('online', 'offline', 'connecting'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12_000 }) }) },
)

const milliseconds = fc.integer({ min: 500, max: 9000 })
const CHECK_INTERVAL = 100

// Hundreds of runs need more than the default on a busy machine.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('S1–S5: whatever happens, the other side shows what a simple model says, with no more messages than necessary', () => {
  const page = fakePage()
  let seen = 0

  const run = (heartbeatInterval: number, idleTimeout: number, steps: readonly Step[]) => {
    // A run that fails leaves its timers to the next run.
    vi.clearAllTimers()
    const now = () => performance.now()
    const began = now()
    page.show()

    // The other side: the lease that it last took while connected, until it expires.
    const connection = createStore<ConnectionState>(() => 'online')
    let held: (TypingLease & { readonly until: number }) | undefined
    let messages = 0
    let endCalls = 0
    connection.subscribe((state) => {
      if (state !== 'online') held = undefined
    })
    const sender = typingSessions({
      heartbeatInterval,
      idleTimeout,
      connection,
      send(lease) {
        if (connection.getState() === 'online') {
          messages++
          held = lease.ttl ? { ...lease, until: now() + lease.ttl } : undefined
        }
        return Promise.resolve({ ok: true })
      },
      onRefused: () => expect.unreachable(),
      onEnd: () => endCalls++,
    })
    const shown = () => (held && now() < held.until ? held.activity : undefined)

    // The model: what should be shown, without a machine.
    let keysUntil = 0
    let text = ''
    let emptiedAt = Infinity
    let isVisible = true
    let activities: { readonly activity: Activity; readonly end: () => void }[] = []
    const wanted = (keys = now() < keysUntil): Activity | undefined =>
      isVisible && connection.getState() === 'online'
        ? (activities.at(-1)?.activity ?? (keys ? 'typing' : undefined))
        : undefined

    let transitions = 0
    let before: Activity | undefined
    const check = () => {
      if (now() >= emptiedAt + heartbeatInterval) keysUntil = 0
      const activity = shown()
      const allowed = emptiedAt < Infinity ? [wanted(), wanted(false)] : [wanted()]
      expect(allowed).toContain(activity)
      // An emptied field is found with the next renewal at the latest: what is shown decides.
      if (!activity && emptiedAt < Infinity && wanted()) keysUntil = 0
      if (activity !== before) transitions++
      before = activity
      if (activity) seen++
    }
    const end = () => {
      keysUntil = 0
      activities = []
    }

    for (const each of steps) {
      switch (each.do) {
        case 'key':
          text = 'text'
          emptiedAt = Infinity
          keysUntil = now() + idleTimeout
          sender.keystroke(() => text)
          break
        case 'key in an empty field':
          text = ''
          emptiedAt = Infinity
          keysUntil = 0
          sender.keystroke(() => text)
          break
        case 'empty the field':
          text = ''
          emptiedAt = Math.min(emptiedAt, now())
          break
        case 'stop':
          end()
          sender.stop()
          break
        case 'leave':
          end()
          page.leave()
          break
        case 'hide':
        case 'show':
          isVisible = each.do === 'show'
          page[each.do]()
          break
        case 'start activity':
          activities.push({ activity: each.activity, end: sender.startActivity(each.activity) })
          break
        case 'end activity': {
          const [ended] = activities.splice(each.which % (activities.length || 1), 1)
          ended?.end()
          ended?.end()
          break
        }
        case 'connection':
          connection.setState(each.state)
          break
        case 'wait':
          for (let left = each.ms; left > 0; left -= CHECK_INTERVAL) {
            vi.advanceTimersByTime(Math.min(left, CHECK_INTERVAL))
            check()
          }
      }
      check()
    }

    expect(messages).toBeLessThanOrEqual(1 + (now() - began) / heartbeatInterval + transitions)
    // S5: if the typist vanished now, the lease would expire in time.
    if (held) expect(held.until - now()).toBeLessThanOrEqual(heartbeatInterval + 2000)

    page.show()
    connection.setState('online')
    for (const { end } of activities) end()
    vi.advanceTimersByTime(idleTimeout)
    expect(shown()).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
    const total = messages
    const endCallsBefore = endCalls
    sender.stop()
    connection.setState('offline')
    connection.setState('online')
    expect(messages).toBe(total)
    expect(endCalls).toBe(endCallsBefore)
  }

  fc.assert(fc.property(milliseconds, milliseconds, fc.array(step, { maxLength: 40, size: 'max' }), run), {
    numRuns: 100,
  })
  // The test of the test: something was shown.
  expect(seen).toBeGreaterThan(1000)
})

test('S2, S3: typing at any pace sends at most one message a heartbeat, and one at the end', () => {
  fc.assert(
    fc.property(
      milliseconds,
      milliseconds,
      fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 60, size: 'max' }),
      (heartbeatInterval, idleTimeout, pauses) => {
        const sent: number[] = []
        const sender = typingSessions({
          heartbeatInterval,
          idleTimeout,
          connection: createStore<ConnectionState>(() => 'online'),
          send({ ttl }) {
            sent.push(ttl)
            return Promise.resolve({ ok: true })
          },
          onRefused: () => expect.unreachable(),
          onEnd() {},
        })
        const began = performance.now()
        for (const pause of pauses.filter((ms) => ms < idleTimeout)) {
          sender.keystroke()
          vi.advanceTimersByTime(pause)
        }
        const elapsed = performance.now() - began
        expect(sent.filter(Boolean)).toHaveLength(elapsed ? 1 + Math.floor(elapsed / heartbeatInterval) : 0)
        sender.stop()
        expect(sent.filter((ttl) => !ttl)).toHaveLength(elapsed ? 1 : 0)
        expect(vi.getTimerCount()).toBe(0)
      },
    ),
  )
})

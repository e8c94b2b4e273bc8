import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Activity, ConnectionState, TypingLease } from '../../../src/core/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { typingSessions } from '../../support/typing-sessions.ts'

type Step =
  | { readonly do: 'key' | 'key in an empty field' | 'empty the field' | 'stop' | 'hide' | 'show' | 'leave' }
  | { readonly do: 'hold'; readonly activity: Activity }
  | { readonly do: 'release'; readonly which: number }
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
    arbitrary: fc.record({ do: fc.constant('hold' as const), activity: fc.constantFrom('file', 'photo', 'recording') }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('release' as const), which: fc.nat(5) }) },
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
const LOOK = 100

// Hundreds of runs, on a busy machine too.
vi.setConfig({ testTimeout: 30_000 })

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.unstubAllGlobals()
  vi.useRealTimers()
})

test('S1–S5 whatever happens, the other side is shown what a simple model says, with no more messages than it takes', () => {
  const page = fakePage()
  let seen = 0

  const run = (heartbeat: number, idle: number, steps: readonly Step[]) => {
    // A run that failed leaves its timers to the next.
    vi.clearAllTimers()
    const now = () => performance.now()
    const began = now()
    page.show()

    // The carrier: what it last took while connected, until it lapses.
    const connection = createStore<ConnectionState>(() => 'online')
    let held: (TypingLease & { readonly until: number }) | undefined
    let messages = 0
    let ends = 0
    connection.subscribe((state) => {
      if (state !== 'online') held = undefined
    })
    const sender = typingSessions({
      heartbeat,
      idle,
      connection,
      send(lease) {
        if (connection.getState() === 'online') {
          messages++
          held = lease.ttl ? { ...lease, until: now() + lease.ttl } : undefined
        }
        return Promise.resolve({ ok: true })
      },
      refused: () => expect.unreachable(),
      ended: () => ends++,
    })
    const shown = () => (held && now() < held.until ? held.activity : undefined)

    // The model: what is wished, without a machine.
    let keysUntil = 0
    let text = ''
    let emptiedAt = Infinity
    let isVisible = true
    let holds: { readonly activity: Activity; readonly release: () => void }[] = []
    const wished = (keys = now() < keysUntil): Activity | undefined =>
      isVisible && connection.getState() === 'online'
        ? (holds.at(-1)?.activity ?? (keys ? 'typing' : undefined))
        : undefined

    let transitions = 0
    let before: Activity | undefined
    const look = () => {
      if (now() >= emptiedAt + heartbeat) keysUntil = 0
      const activity = shown()
      const allowed = emptiedAt < Infinity ? [wished(), wished(false)] : [wished()]
      expect(allowed).toContain(activity)
      // An emptied field is found with the next renewal, sooner or later: what is seen decides.
      if (!activity && emptiedAt < Infinity && wished()) keysUntil = 0
      if (activity !== before) transitions++
      before = activity
      if (activity) seen++
    }
    const end = () => {
      keysUntil = 0
      holds = []
    }

    for (const each of steps) {
      switch (each.do) {
        case 'key':
          text = 'text'
          emptiedAt = Infinity
          keysUntil = now() + idle
          sender.key(() => text)
          break
        case 'key in an empty field':
          text = ''
          emptiedAt = Infinity
          keysUntil = 0
          sender.key(() => text)
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
        case 'hold':
          holds.push({ activity: each.activity, release: sender.hold(each.activity) })
          break
        case 'release': {
          const [hold] = holds.splice(each.which % (holds.length || 1), 1)
          hold?.release()
          hold?.release()
          break
        }
        case 'connection':
          connection.setState(each.state)
          break
        case 'wait':
          for (let left = each.ms; left > 0; left -= LOOK) {
            vi.advanceTimersByTime(Math.min(left, LOOK))
            look()
          }
      }
      look()
    }

    expect(messages).toBeLessThanOrEqual(1 + (now() - began) / heartbeat + transitions)
    // S5: vanishing now, it would be off the screen in time.
    if (held) expect(held.until - now()).toBeLessThanOrEqual(heartbeat + 2000)

    page.show()
    connection.setState('online')
    for (const { release } of holds) release()
    vi.advanceTimersByTime(idle)
    expect(shown()).toBeUndefined()
    expect(vi.getTimerCount()).toBe(0)
    expect(page.listeners()).toBe(0)
    const total = messages
    const endings = ends
    sender.stop()
    connection.setState('offline')
    connection.setState('online')
    expect(messages).toBe(total)
    expect(ends).toBe(endings)
  }

  fc.assert(fc.property(milliseconds, milliseconds, fc.array(step, { maxLength: 40, size: 'max' }), run), {
    numRuns: 100,
  })
  // The test of the test: there was something to see.
  expect(seen).toBeGreaterThan(1000)
})

test('S2 S3 typing at any pace: at most one message a heartbeat, and one for the end', () => {
  fc.assert(
    fc.property(
      milliseconds,
      milliseconds,
      fc.array(fc.integer({ min: 1, max: 3000 }), { maxLength: 60, size: 'max' }),
      (heartbeat, idle, pauses) => {
        const sent: number[] = []
        const sender = typingSessions({
          heartbeat,
          idle,
          connection: createStore<ConnectionState>(() => 'online'),
          send({ ttl }) {
            sent.push(ttl)
            return Promise.resolve({ ok: true })
          },
          refused: () => expect.unreachable(),
          ended() {},
        })
        const began = performance.now()
        for (const pause of pauses.filter((ms) => ms < idle)) {
          sender.key()
          vi.advanceTimersByTime(pause)
        }
        const elapsed = performance.now() - began
        expect(sent.filter(Boolean)).toHaveLength(elapsed ? 1 + Math.floor(elapsed / heartbeat) : 0)
        sender.stop()
        expect(sent.filter((ttl) => !ttl)).toHaveLength(elapsed ? 1 : 0)
        expect(vi.getTimerCount()).toBe(0)
      },
    ),
  )
})

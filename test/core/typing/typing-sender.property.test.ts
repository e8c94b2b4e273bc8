import fc from 'fast-check'
import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { createStore } from 'zustand/vanilla'
import type { Activity, ConnectionState, TypingLease } from '../../../src/core/index.ts'
import { fakePage } from '../../support/fake-page.ts'
import { type SessionHandle, typingSessions } from '../../support/typing-sessions.ts'

const HANDLES = [0, 1, 2]

type Step =
  | { readonly do: 'hide' | 'show' | 'leave' }
  | { readonly do: 'key' | 'key in an empty field' | 'empty the field' | 'stop'; readonly handle: number }
  | { readonly do: 'start activity'; readonly handle: number; readonly activity: Activity }
  | { readonly do: 'end activity'; readonly which: number }
  | { readonly do: 'connection'; readonly state: ConnectionState }
  | { readonly do: 'wait'; readonly ms: number }

const handle = fc.constantFrom(...HANDLES)

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 6, arbitrary: fc.record({ do: fc.constant('key' as const), handle }) },
  {
    weight: 3,
    arbitrary: fc.record({
      do: fc.constantFrom('key in an empty field' as const, 'empty the field' as const, 'stop' as const),
      handle,
    }),
  },
  { weight: 2, arbitrary: fc.constantFrom<Step>({ do: 'hide' }, { do: 'show' }, { do: 'leave' }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('start activity' as const),
      handle,
      activity: fc.constantFrom('file', 'photo', 'recording'),
    }),
  },
  { weight: 2, arbitrary: fc.record({ do: fc.constant('end activity' as const), which: fc.nat(5) }) },
  {
    weight: 2,
    arbitrary: fc.record({
      do: fc.constant('connection' as const),
      state: fc.constantFrom('online', 'online', 'offline', 'connecting'),
    }),
  },
  { weight: 6, arbitrary: fc.record({ do: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: 12_000 }) }) },
)

/** What the model knows of one handle. */
interface ModelHandle extends SessionHandle {
  text: string
  keysUntil: number
  /** When a program emptied its field. The machine finds out with the next renewal at the latest. */
  emptiedAt: number
}

interface ModelActivity {
  readonly handle: number
  readonly activity: Activity
  readonly end: () => void
}

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

test('S1–S5, S7, S9: whatever several handles do, the other side shows what a simple model says, with no more messages than necessary', () => {
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
    const createHandle = typingSessions({
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
      onEnd() {
        endCalls++
        for (const each of handles) if (each.emptiedAt < Infinity) each.keysUntil = 0
        // That a key has proved that the page is seen is forgotten with the session.
        isSeen = isVisible
      },
    })
    const shown = () => (held && now() < held.until ? held.activity : undefined)

    // The model: what should be shown, without a machine.
    const handles = HANDLES.map((): ModelHandle => ({ ...createHandle(), text: '', keysUntil: 0, emptiedAt: Infinity }))
    let activities: ModelActivity[] = []
    let isVisible = true
    let isSeen = true
    const isEmptied = ({ emptiedAt }: ModelHandle) => emptiedAt < Infinity
    const wanted = (typists: readonly ModelHandle[]): Activity | undefined => {
      if (!isSeen || connection.getState() !== 'online') return undefined
      const isTyping = typists.some(({ keysUntil }) => now() < keysUntil)
      return activities.at(-1)?.activity ?? (isTyping ? 'typing' : undefined)
    }

    let transitions = 0
    let before: Activity | undefined
    const check = () => {
      for (const each of handles) if (now() >= each.emptiedAt + heartbeatInterval) each.keysUntil = 0
      const activity = shown()
      const unfound = wanted(handles)
      expect([unfound, wanted(handles.filter((each) => !isEmptied(each)))]).toContain(activity)
      // What is shown decides whether an emptied field has been found.
      if (!activity && unfound) for (const each of handles) if (isEmptied(each)) each.keysUntil = 0
      if (activity !== before) transitions++
      before = activity
      if (activity) seen++
    }
    const end = () => {
      for (const each of handles) each.keysUntil = 0
      activities = []
    }
    /** S9: while offline nothing begins, and what went on has ended. */
    const endIfOffline = () => {
      if (connection.getState() === 'offline') end()
    }

    for (const each of steps) {
      switch (each.do) {
        case 'key':
        case 'key in an empty field': {
          const own = handles[each.handle]!
          const isEmpty = each.do === 'key in an empty field'
          own.text = isEmpty ? '' : 'text'
          own.emptiedAt = Infinity
          own.keysUntil = isEmpty ? 0 : now() + idleTimeout
          isSeen = true
          own.keystroke(() => own.text)
          break
        }
        case 'empty the field': {
          const own = handles[each.handle]!
          own.text = ''
          own.emptiedAt = Math.min(own.emptiedAt, now())
          break
        }
        case 'stop':
          handles[each.handle]!.keysUntil = 0
          activities = activities.filter(({ handle }) => handle !== each.handle)
          handles[each.handle]!.stop()
          break
        case 'leave':
          end()
          page.leave()
          break
        case 'hide':
        case 'show':
          isVisible = each.do === 'show'
          isSeen = isVisible
          page[each.do]()
          break
        case 'start activity': {
          const endActivity = handles[each.handle]!.startActivity(each.activity)
          activities.push({ handle: each.handle, activity: each.activity, end: endActivity })
          break
        }
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
      endIfOffline()
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
    for (const each of handles) each.stop()
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
        })()
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

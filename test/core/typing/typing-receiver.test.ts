import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Activity, TypingLease, TypingState, Typist, User } from '../../../src/core/index.ts'
import { createTypingReceiver, type TypingReceiver } from '../../../src/core/typing/typing-receiver.ts'
import { NO_TYPISTS } from '../../../src/core/typing/typing.ts'

interface Rig {
  readonly receiver: Pick<TypingReceiver, 'digest' | 'clear'> & {
    lease(from: User, data: TypingLease): void
    reset(): void
  }
  /** Every state that was published. */
  readonly states: TypingState[]
  shown(): string[]
  total(): number
  /** How often the conversation was joined anew. */
  woke(): number
}

function createRig(onPublish = (_: TypingState) => {}): Rig {
  const states: TypingState[] = []
  let joined = 0
  const { subscribe, lease, digest, clear } = createTypingReceiver(() => {
    joined++
    return () => {}
  })
  subscribe((state) => {
    states.push(state)
    onPublish(state)
  })
  return {
    receiver: {
      lease: (from, data) => lease({ from, data }),
      digest,
      clear,
      reset: () => digest(NO_TYPISTS),
    },
    states,
    shown: () => states.at(-1)?.typists.map(({ id }) => id) ?? [],
    total: () => states.at(-1)?.total ?? 0,
    woke: () => joined - 1,
  }
}

const ann = { id: 'ann', name: 'Ann' }
const bob = { id: 'bob' }
const lease = (ttl: number, since = 1, activity: Activity = 'typing') => ({ ttl, activity, since })
const typist = (id: string, since = 1): Typist => ({ id, activity: 'typing', since })

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 })
})
afterEach(() => {
  vi.useRealTimers()
})

describe('leases', () => {
  test('R1 a typist appears with the first lease, with all that is known of them', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(7000, 5, 'recording'))
    expect(states).toEqual([{ typists: [{ id: 'ann', name: 'Ann', activity: 'recording', since: 5 }], total: 1 }])
  })

  test('R1 typists stand in order of arrival, and a renewal does not move them', () => {
    const { receiver, shown } = createRig()
    receiver.lease(bob, lease(7000, 9))
    receiver.lease(ann, lease(7000, 3))
    receiver.lease(bob, lease(7000, 9))
    expect(shown()).toEqual(['bob', 'ann'])
  })

  test('R2 a renewal publishes nothing', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(7000))
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(5000)
      receiver.lease(ann, lease(7000))
    }
    expect(states).toHaveLength(1)
  })

  test('R2 another activity is news', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(7000))
    receiver.lease(ann, lease(7000, 1, 'photo'))
    expect(states.map(({ typists }) => typists[0]?.activity)).toEqual(['typing', 'photo'])
  })

  test('R3 giving back removes at once', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(7000))
    receiver.lease(ann, lease(0))
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R3 giving back what was never taken does nothing', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(0))
    receiver.lease(ann, lease(-5))
    expect(states).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R4 a lapsed lease removes, each by its own time', () => {
    const { receiver, shown } = createRig()
    receiver.lease(ann, lease(7000))
    vi.advanceTimersByTime(2500)
    receiver.lease(bob, lease(3000))
    vi.advanceTimersByTime(2999)
    expect(shown()).toEqual(['ann', 'bob'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1499)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R4 a renewal counts from its own arrival', () => {
    const { receiver, shown } = createRig()
    receiver.lease(ann, lease(7000))
    vi.advanceTimersByTime(5000)
    receiver.lease(ann, lease(7000))
    vi.advanceTimersByTime(6999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
  })

  test('two devices of one user are one typist, and one of them leaves the other', () => {
    const { receiver, states, shown } = createRig()
    receiver.lease(ann, lease(7000, 1))
    receiver.lease(ann, lease(7000, 2))
    expect(states).toHaveLength(1)
    receiver.lease(ann, lease(0, 1))
    expect(states.at(-1)).toMatchObject({ typists: [{ id: 'ann', since: 2 }], total: 1 })
    receiver.lease(ann, lease(0, 2))
    expect(shown()).toEqual([])
  })
})

describe('R5', () => {
  test('R5 reset empties the list and leaves no timer', () => {
    const { receiver, states } = createRig()
    receiver.lease(ann, lease(7000))
    receiver.digest({ typists: [typist('bob')], total: 3 })
    receiver.reset()
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5 reset with nobody there is no news', () => {
    const { receiver, states } = createRig()
    receiver.reset()
    expect(states).toEqual([])
  })

  test('R5 a sleep empties the list and asks for the truth', () => {
    const { receiver, shown, woke } = createRig()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual([])
    expect(woke()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5 a timer that is a little late is no sleep', () => {
    const { receiver, shown, woke } = createRig()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + 1500)
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual(['ann'])
    expect(woke()).toBe(0)
  })

  test('R5 a clock put back is no sleep and delays nothing', () => {
    const { receiver, shown, woke } = createRig()
    receiver.lease(ann, lease(7000))
    vi.setSystemTime(0)
    vi.advanceTimersByTime(6999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
    expect(woke()).toBe(0)
  })

  test('R5 with nobody shown nobody looks at the clock', () => {
    const { receiver, woke } = createRig()
    receiver.lease(ann, lease(1000))
    vi.advanceTimersByTime(1000)
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(60_000)
    expect(woke()).toBe(0)
  })
})

describe('R6', () => {
  test('R6 their message removes them, and a late renewal does not bring them back', () => {
    const { receiver, states, shown } = createRig()
    receiver.lease(ann, lease(7000))
    receiver.lease(bob, lease(7000))
    receiver.clear('ann')
    expect(shown()).toEqual(['bob'])
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['bob'])
    expect(states).toHaveLength(3)
  })

  test('R6 a new start of typing does', () => {
    const { receiver, shown } = createRig()
    receiver.lease(ann, lease(7000, 1))
    receiver.clear('ann')
    receiver.lease(ann, lease(7000, 2))
    expect(shown()).toEqual(['ann'])
  })

  test('R6 it removes all of their devices, and only theirs', () => {
    const { receiver, shown } = createRig()
    receiver.lease(ann, lease(7000, 1))
    receiver.lease(ann, lease(7000, 2))
    receiver.lease(bob, lease(7000, 1))
    receiver.clear('ann')
    expect(shown()).toEqual(['bob'])
  })

  test('R6 whoever does not type is cleared without effect, also on later typing', () => {
    const { receiver, states, shown } = createRig()
    receiver.clear('ann')
    expect(states).toEqual([])
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['ann'])
  })

  test('R6 a digest on its way does not bring them back, a later session does', () => {
    const { receiver, shown, total } = createRig()
    receiver.digest({ typists: [typist('ann'), typist('bob')], total: 2 })
    receiver.clear('ann')
    receiver.digest({ typists: [typist('ann'), typist('bob'), typist('cy')], total: 3 })
    expect(shown()).toEqual(['bob', 'cy'])
    expect(total()).toBe(2)
    receiver.digest({ typists: [typist('bob')], total: 1 })
    receiver.digest({ typists: [typist('bob'), typist('ann', 2)], total: 2 })
    expect(shown()).toEqual(['bob', 'ann'])
  })

  test('R6 what was cleared is forgotten with its session', () => {
    const { receiver, shown } = createRig()
    receiver.digest({ typists: [typist('ann')], total: 1 })
    receiver.clear('ann')
    receiver.digest({ typists: [], total: 0 })
    receiver.digest({ typists: [typist('ann')], total: 1 })
    expect(shown()).toEqual(['ann'])
    receiver.clear('ann')
    receiver.reset()
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['ann'])
  })
})

describe('digests', () => {
  test('R1 a digest is the whole truth: it replaces the one before, in its own order', () => {
    const { receiver, states } = createRig()
    receiver.digest({ typists: [typist('ann'), typist('bob')], total: 7 })
    expect(states.at(-1)).toEqual({ typists: [typist('ann'), typist('bob')], total: 7 })
    receiver.digest({ typists: [typist('bob'), typist('ann')], total: 2 })
    expect(states.at(-1)).toEqual({ typists: [typist('bob'), typist('ann')], total: 2 })
    receiver.digest({ typists: [], total: 0 })
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R2 a refreshed digest publishes nothing', () => {
    const { receiver, states } = createRig()
    const digest = { typists: [typist('ann')], total: 4 }
    receiver.digest(digest)
    vi.advanceTimersByTime(60_000)
    receiver.digest(structuredClone(digest))
    expect(states).toHaveLength(1)
  })

  test('R4 a digest lapses as a whole after 90 s', () => {
    const { receiver, states, woke } = createRig()
    receiver.digest({ typists: [typist('ann'), typist('bob')], total: 9 })
    vi.advanceTimersByTime(89_999)
    expect(states).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(states).toHaveLength(2)
    expect(woke()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R4 a refreshed digest lapses 90 s after it came', () => {
    const { receiver, shown } = createRig()
    const digest = { typists: [typist('ann')], total: 1 }
    receiver.digest(digest)
    vi.advanceTimersByTime(60_000)
    receiver.digest(digest)
    vi.advanceTimersByTime(89_999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
  })
})

describe('bounds', () => {
  test('a flood of made-up sessions is bounded, and those there are still renewed', () => {
    const { receiver, total, shown } = createRig()
    for (let i = 0; i < 1200; i++) receiver.lease({ id: `user ${i}` }, lease(60_000, i))
    expect(total()).toBe(1000)
    expect(shown()[0]).toBe('user 0')
    vi.advanceTimersByTime(30_000)
    receiver.lease({ id: 'user 0' }, lease(60_000, 0))
    vi.advanceTimersByTime(30_000)
    expect(shown()).toEqual(['user 0'])
    receiver.lease(bob, lease(7000))
    expect(shown()).toEqual(['user 0', 'bob'])
  })

  test('ids and times that look alike are kept apart', () => {
    const { receiver, shown } = createRig()
    receiver.lease({ id: 'a","1' }, lease(7000, 1))
    receiver.lease({ id: 'a' }, lease(7000, 1))
    receiver.lease({ id: '__proto__' }, lease(7000, 1))
    expect(shown()).toEqual(['a","1', 'a', '__proto__'])
  })
})

describe('whoever is told', () => {
  test('may throw: the lease still lapses', () => {
    const { receiver, shown } = createRig(({ total }) => {
      if (total) throw new Error('from the app')
    })
    expect(() => receiver.lease(ann, lease(7000))).toThrow('from the app')
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(7000)
    expect(shown()).toEqual([])
  })

  test('may call back: clear, reset', () => {
    const rig = createRig(({ typists }) => {
      if (typists.some(({ id }) => id === 'ann')) rig.receiver.clear('ann')
      if (typists.some(({ id }) => id === 'bob')) rig.receiver.reset()
    })
    rig.receiver.lease(ann, lease(7000))
    expect(rig.shown()).toEqual([])
    rig.receiver.lease(bob, lease(7000))
    expect(rig.shown()).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })
})

test('T5 it listens while it is subscribed to; the last one to leave leaves nothing behind', () => {
  const leave = vi.fn()
  const join = vi.fn(() => leave)
  const receiver = createTypingReceiver(join)
  expect(join).not.toHaveBeenCalled()
  const end = receiver.subscribe(() => {})
  receiver.lease({ from: ann, data: lease(7000) })
  expect(receiver.getState().total).toBe(1)
  end()
  expect([join.mock.calls.length, leave.mock.calls.length, vi.getTimerCount()]).toEqual([1, 1, 0])
  expect(receiver.getState()).toEqual({ typists: [], total: 0 })
})

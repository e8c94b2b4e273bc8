import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import type { Activity, TypingLease, TypingState, Typist, User } from '../../../src/core/index.ts'
import { createTypingReceiver, type TypingReceiver } from '../../../src/core/typing/typing-receiver.ts'
import { mapEntriesLeftBy } from '../../support/map-entries.ts'

interface TestReceiver {
  readonly receiver: Pick<TypingReceiver, 'update' | 'reset' | 'clear'> & {
    lease(from: User, data: TypingLease): void
  }
  /** Every state that was published. */
  readonly states: TypingState[]
  shown(): string[]
  total(): number
  /** How often the receiver has subscribed to the conversation again. */
  resubscribed(): number
}

function createTestReceiver(onPublish = (_: TypingState) => {}): TestReceiver {
  const states: TypingState[] = []
  let subscribeCalls = 0
  const { subscribe, lease, update, reset, clear } = createTypingReceiver(() => {
    subscribeCalls++
    return () => {}
  })
  subscribe((state) => {
    states.push(state)
    onPublish(state)
  })
  return {
    receiver: {
      lease: (from, data) => lease({ from, data }),
      update,
      reset,
      clear,
    },
    states,
    shown: () => states.at(-1)?.typists.map(({ id }) => id) ?? [],
    total: () => states.at(-1)?.total ?? 0,
    resubscribed: () => subscribeCalls - 1,
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
  test('R1: a typist appears with the first lease, with everything that is known about them', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000, 5, 'recording'))
    expect(states).toEqual([{ typists: [{ id: 'ann', name: 'Ann', activity: 'recording', since: 5 }], total: 1 }])
  })

  test('R1: typists are in order of arrival, and a renewal does not move them', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(bob, lease(7000, 9))
    receiver.lease(ann, lease(7000, 3))
    receiver.lease(bob, lease(7000, 9))
    expect(shown()).toEqual(['bob', 'ann'])
  })

  test('R2: a renewal publishes nothing', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    for (let i = 0; i < 20; i++) {
      vi.advanceTimersByTime(5000)
      receiver.lease(ann, lease(7000))
    }
    expect(states).toHaveLength(1)
  })

  test('R2: another activity is published', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    receiver.lease(ann, lease(7000, 1, 'photo'))
    expect(states.map(({ typists }) => typists[0]?.activity)).toEqual(['typing', 'photo'])
  })

  test('R3: a release removes the typist at once', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    receiver.lease(ann, lease(0))
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R3: a release of a lease that was never taken does nothing', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(0))
    receiver.lease(ann, lease(-5))
    expect(states).toEqual([])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R4: an expired lease removes the typist, each at its own time', () => {
    const { receiver, shown } = createTestReceiver()
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

  test('R4: a renewed lease expires ttl after the renewal arrived', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    vi.advanceTimersByTime(5000)
    receiver.lease(ann, lease(7000))
    vi.advanceTimersByTime(6999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
  })

  test('two devices of one user are one typist, who is shown until the last of them releases', () => {
    const { receiver, states, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000, 1))
    receiver.lease(ann, lease(7000, 2))
    expect(states).toHaveLength(1)
    receiver.lease(ann, lease(0, 1))
    expect(states.at(-1)).toMatchObject({ typists: [{ id: 'ann', since: 2 }], total: 1 })
    receiver.lease(ann, lease(0, 2))
    expect(shown()).toEqual([])
  })
})

describe('R5: resets and sleep', () => {
  test('R5: reset empties the list and leaves no timer', () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    receiver.update({ typists: [typist('bob')], total: 3 })
    receiver.reset()
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5: reset publishes nothing if nobody types', () => {
    const { receiver, states } = createTestReceiver()
    receiver.reset()
    expect(states).toEqual([])
  })

  test('R5: a sleep empties the list, and the receiver subscribes again', () => {
    const { receiver, shown, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + 3_600_000)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual([])
    expect(resubscribed()).toBe(1)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R5: a timer that is a little late is not a sleep', () => {
    const { receiver, shown, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + 1999)
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual(['ann'])
    expect(resubscribed()).toBe(0)
  })

  test.each([2000, 3000, 4000])('R5: a sleep of %d ms is noticed', (ms) => {
    const { receiver, shown, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + ms)
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual([])
    expect(resubscribed()).toBe(1)
  })

  test('R5: a sleep is noticed on a page that has been open for an hour', () => {
    vi.advanceTimersByTime(3_600_000)
    const { receiver, shown, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(60_000))
    vi.setSystemTime(Date.now() + 1_800_000)
    vi.advanceTimersByTime(1000)
    expect(shown()).toEqual([])
    expect(resubscribed()).toBe(1)
  })

  test('R5: a reset forgets the typists that an update counts without a name', () => {
    const { receiver, total } = createTestReceiver()
    receiver.update({ typists: [typist('ann')], total: 5 })
    receiver.reset()
    receiver.lease(bob, lease(7000))
    expect(total()).toBe(1)
  })

  test('R5: a clock that is set back is not a sleep and delays nothing', () => {
    const { receiver, shown, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    vi.setSystemTime(0)
    vi.advanceTimersByTime(6999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
    expect(resubscribed()).toBe(0)
  })

  test('R5: while nobody is shown, the clock is not checked', () => {
    const { receiver, resubscribed } = createTestReceiver()
    receiver.lease(ann, lease(1000))
    vi.advanceTimersByTime(1000)
    vi.setSystemTime(Date.now() + 3_600_000)
    vi.advanceTimersByTime(60_000)
    expect(resubscribed()).toBe(0)
  })
})

describe('R6: clearing', () => {
  test("R6: a typist's message removes them, and a late renewal does not show them again", () => {
    const { receiver, states, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000))
    receiver.lease(bob, lease(7000))
    receiver.clear('ann')
    expect(shown()).toEqual(['bob'])
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['bob'])
    expect(states).toHaveLength(3)
  })

  test('R6: a new start of typing shows them again', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000, 1))
    receiver.clear('ann')
    receiver.lease(ann, lease(7000, 2))
    expect(shown()).toEqual(['ann'])
  })

  test("R6: it removes all devices of the user, and nobody else's", () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000, 1))
    receiver.lease(ann, lease(7000, 2))
    receiver.lease(bob, lease(7000, 1))
    receiver.clear('ann')
    expect(shown()).toEqual(['bob'])
  })

  test('R6: clearing a user who does not type changes nothing, also for later typing', () => {
    const { receiver, states, shown } = createTestReceiver()
    receiver.clear('ann')
    expect(states).toEqual([])
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['ann'])
  })

  test('R6: a typing update on its way does not show them again, a later session does', () => {
    const { receiver, shown, total } = createTestReceiver()
    receiver.update({ typists: [typist('ann'), typist('bob')], total: 2 })
    receiver.clear('ann')
    receiver.update({ typists: [typist('ann'), typist('bob'), typist('cy')], total: 3 })
    expect(shown()).toEqual(['bob', 'cy'])
    expect(total()).toBe(2)
    receiver.update({ typists: [typist('bob')], total: 1 })
    receiver.update({ typists: [typist('bob'), typist('ann', 2)], total: 2 })
    expect(shown()).toEqual(['bob', 'ann'])
  })

  test.each([0, 150, 9999, 10_000])(
    'R6: a message that arrives %d ms after the end of its typing does not hide the typing that began after it',
    (ms) => {
      const { receiver, shown } = createTestReceiver()
      receiver.lease(ann, lease(60_000, 1))
      receiver.lease(ann, lease(0, 1))
      receiver.lease(ann, lease(60_000, 2))
      vi.advanceTimersByTime(ms)
      receiver.clear('ann')
      expect(shown()).toEqual(['ann'])
      // The next message belongs to what is shown.
      receiver.clear('ann')
      expect(shown()).toEqual([])
    },
  )

  test('R6: 10 s after its end no message is counted for a session any more', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(60_000, 1))
    receiver.lease(ann, lease(0, 1))
    receiver.lease(ann, lease(60_000, 2))
    vi.advanceTimersByTime(10_001)
    receiver.clear('ann')
    expect(shown()).toEqual([])
  })

  test('R6: with typing updates, a slow message does not hide the typing that began after it', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.update({ typists: [typist('ann', 1), typist('bob')], total: 2 })
    // The server has merged the end and the new start into one update.
    receiver.update({ typists: [typist('bob'), typist('ann', 2)], total: 2 })
    receiver.clear('ann')
    expect(shown()).toEqual(['bob', 'ann'])
    receiver.clear('ann')
    expect(shown()).toEqual(['bob'])
  })

  test('R6: two slow messages belong to two sessions, and the third one to what is shown', () => {
    const { receiver, shown } = createTestReceiver()
    for (const since of [1, 2]) {
      receiver.lease(ann, lease(7000, since))
      receiver.lease(ann, lease(0, since))
    }
    receiver.lease(ann, lease(7000, 3))
    receiver.clear('ann')
    receiver.clear('ann')
    expect(shown()).toEqual(['ann'])
    receiver.clear('ann')
    expect(shown()).toEqual([])
  })

  test('R6: a message that comes before the release ends its typing, and not what begins after it', () => {
    const { receiver, shown } = createTestReceiver()
    for (const since of [1, 2, 3]) {
      receiver.lease(ann, lease(7000, since))
      receiver.clear('ann')
      expect(shown()).toEqual([])
      receiver.lease(ann, lease(0, since))
    }
  })

  test("R6: a message of one device does not hide what the same user's other device types on", () => {
    const { receiver, states } = createTestReceiver()
    receiver.lease(ann, lease(7000, 1))
    receiver.lease(ann, lease(7000, 2))
    receiver.lease(ann, lease(0, 1))
    receiver.clear('ann')
    expect(states.at(-1)?.typists).toMatchObject([{ id: 'ann', since: 2 }])
  })

  test('R6: with typing updates, the session of the other device goes on after a message of the latest one', () => {
    const { receiver, states } = createTestReceiver()
    receiver.update({ typists: [typist('ann', 1)], total: 1 })
    // The server shows the device that began last, and then the first one again, which had not ended.
    receiver.update({ typists: [typist('ann', 2)], total: 1 })
    receiver.update({ typists: [typist('ann', 1)], total: 1 })
    receiver.clear('ann')
    expect(states.at(-1)?.typists).toMatchObject([{ id: 'ann', since: 1 }])
    receiver.clear('ann')
    expect(states.at(-1)?.typists).toEqual([])
  })

  test('R6: a lease that expires ends a session too: its release was lost, its message was slow', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(7000, 1))
    vi.advanceTimersByTime(7000)
    receiver.lease(ann, lease(7000, 2))
    receiver.clear('ann')
    expect(shown()).toEqual(['ann'])
  })

  test('R6: typing whose start was lost has ended too', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(ann, lease(0, 1))
    receiver.lease(ann, lease(7000, 2))
    receiver.clear('ann')
    expect(shown()).toEqual(['ann'])
  })

  test('R6: a message that was sent while the reader was away does not hide what began after it', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.update({ typists: [typist('ann', 1)], total: 1 })
    receiver.reset()
    receiver.update({ typists: [typist('ann', 2)], total: 1 })
    receiver.clear('ann')
    expect(shown()).toEqual(['ann'])
  })

  test('R6: typing that went on while the reader was away has not ended', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.update({ typists: [typist('ann', 1)], total: 1 })
    receiver.reset()
    receiver.update({ typists: [typist('ann', 1)], total: 1 })
    receiver.clear('ann')
    expect(shown()).toEqual([])
  })

  test("R6: somebody else's end is not the end of this typing", () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease(bob, lease(7000))
    receiver.lease(bob, lease(0))
    receiver.lease(ann, lease(7000))
    receiver.clear('ann')
    expect(shown()).toEqual([])
  })

  test('R6: that a session was cleared is forgotten with the session', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.update({ typists: [typist('ann')], total: 1 })
    receiver.clear('ann')
    receiver.update({ typists: [], total: 0 })
    receiver.update({ typists: [typist('ann')], total: 1 })
    expect(shown()).toEqual(['ann'])
    receiver.clear('ann')
    receiver.reset()
    receiver.lease(ann, lease(7000))
    expect(shown()).toEqual(['ann'])
  })
})

describe('typing updates', () => {
  test('R1: a typing update replaces the one before, in its own order', () => {
    const { receiver, states } = createTestReceiver()
    receiver.update({ typists: [typist('ann'), typist('bob')], total: 7 })
    expect(states.at(-1)).toEqual({ typists: [typist('ann'), typist('bob')], total: 7 })
    receiver.update({ typists: [typist('bob'), typist('ann')], total: 2 })
    expect(states.at(-1)).toEqual({ typists: [typist('bob'), typist('ann')], total: 2 })
    receiver.update({ typists: [], total: 0 })
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R2: a repeated typing update publishes nothing', () => {
    const { receiver, states } = createTestReceiver()
    const update = { typists: [typist('ann')], total: 4 }
    receiver.update(update)
    vi.advanceTimersByTime(60_000)
    receiver.update(structuredClone(update))
    expect(states).toHaveLength(1)
  })

  test('R4: a typing update expires as a whole after 90 s', () => {
    const { receiver, states, resubscribed } = createTestReceiver()
    receiver.update({ typists: [typist('ann'), typist('bob')], total: 9 })
    vi.advanceTimersByTime(89_999)
    expect(states).toHaveLength(1)
    vi.advanceTimersByTime(1)
    expect(states.at(-1)).toEqual({ typists: [], total: 0 })
    expect(states).toHaveLength(2)
    expect(resubscribed()).toBe(0)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('R4: a repeated typing update expires 90 s after it arrived', () => {
    const { receiver, shown } = createTestReceiver()
    const update = { typists: [typist('ann')], total: 1 }
    receiver.update(update)
    vi.advanceTimersByTime(60_000)
    receiver.update(update)
    vi.advanceTimersByTime(89_999)
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(1)
    expect(shown()).toEqual([])
  })
})

describe('bounds', () => {
  test('a flood of made-up sessions is bounded, and the sessions that are kept can be renewed', () => {
    const { receiver, total, shown } = createTestReceiver()
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

  test('a flood of made-up ends is bounded, and costs no timer', () => {
    const { receiver, total } = createTestReceiver()
    const entries = mapEntriesLeftBy(() => {
      for (let i = 0; i < 1200; i++) receiver.lease({ id: `user ${i}` }, lease(0, i))
    })
    expect(entries).toBe(1000)
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10_001)
    expect(mapEntriesLeftBy(() => receiver.lease(ann, lease(0, 1)))).toBe(1)
    expect(total()).toBe(0)
  })

  test('ids and times that look alike are kept apart', () => {
    const { receiver, shown } = createTestReceiver()
    receiver.lease({ id: 'a","1' }, lease(7000, 1))
    receiver.lease({ id: 'a' }, lease(7000, 1))
    receiver.lease({ id: '__proto__' }, lease(7000, 1))
    expect(shown()).toEqual(['a","1', 'a', '__proto__'])
  })
})

describe('a subscriber', () => {
  test('may throw: the lease still expires', () => {
    const { receiver, shown } = createTestReceiver(({ total }) => {
      if (total) throw new Error('from the app')
    })
    expect(() => receiver.lease(ann, lease(7000))).toThrow('from the app')
    expect(shown()).toEqual(['ann'])
    vi.advanceTimersByTime(7000)
    expect(shown()).toEqual([])
  })

  test('may call back: clear, reset', () => {
    const rig = createTestReceiver(({ typists }) => {
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

test('T5: it is subscribed to the conversation while it has subscribers, and leaves nothing behind', () => {
  const unsubscribeFromConversation = vi.fn()
  const subscribeToConversation = vi.fn(() => unsubscribeFromConversation)
  const receiver = createTypingReceiver(subscribeToConversation)
  expect(subscribeToConversation).not.toHaveBeenCalled()
  const unsubscribe = receiver.subscribe(() => {})
  receiver.lease({ from: ann, data: lease(7000) })
  expect(receiver.getState().total).toBe(1)
  unsubscribe()
  expect(subscribeToConversation).toHaveBeenCalledTimes(1)
  expect(unsubscribeFromConversation).toHaveBeenCalledTimes(1)
  expect(vi.getTimerCount()).toBe(0)
  expect(receiver.getState()).toEqual({ typists: [], total: 0 })
})

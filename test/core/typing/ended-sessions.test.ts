import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createEndedSessions } from '../../../src/core/typing/ended-sessions.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

describe('createEndedSessions', () => {
  test('R6: each session that has ended takes one message of its own user', () => {
    const sessions = createEndedSessions()
    sessions.add('1 ann', 'ann')
    sessions.add('2 ann', 'ann')
    expect(sessions.takeMessage('bob')).toBe(false)
    expect([1, 2, 3].map(() => sessions.takeMessage('ann'))).toEqual([true, true, false])
  })

  test('R6: a message belongs to the session that ended first, so that the others are remembered longer', () => {
    const sessions = createEndedSessions()
    sessions.add('1 ann', 'ann')
    vi.advanceTimersByTime(6000)
    sessions.add('2 ann', 'ann')
    expect(sessions.takeMessage('ann')).toBe(true)
    vi.advanceTimersByTime(6000)
    expect(sessions.takeMessage('ann')).toBe(true)
  })

  test('R6: a session that goes on takes no message', () => {
    const sessions = createEndedSessions()
    sessions.add('1 ann', 'ann')
    sessions.delete('1 ann')
    expect(sessions.takeMessage('ann')).toBe(false)
  })

  test('it remembers a session for 10 s, without a timer', () => {
    const sessions = createEndedSessions()
    for (const key of ['1 ann', '2 ann']) sessions.add(key, 'ann')
    expect(vi.getTimerCount()).toBe(0)
    vi.advanceTimersByTime(10_000)
    expect(sessions.takeMessage('ann')).toBe(true)
    vi.advanceTimersByTime(1)
    expect(sessions.takeMessage('ann')).toBe(false)
  })

  test('it remembers at most 1,000, and makes room when they are forgotten', () => {
    const sessions = createEndedSessions()
    for (let i = 0; i < 1001; i++) sessions.add(`${i} user`, `user ${i}`)
    expect(sessions.takeMessage('user 1000')).toBe(false)
    expect(sessions.takeMessage('user 999')).toBe(true)
    vi.advanceTimersByTime(10_001)
    sessions.add('1 ann', 'ann')
    expect(sessions.takeMessage('ann')).toBe(true)
  })
})

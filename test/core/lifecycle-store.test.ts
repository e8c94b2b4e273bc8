import { expect, test, vi } from 'vitest'
import { createLifecycleStore } from '../../src/core/lifecycle-store.ts'

const ignore = () => {}
const ignoreToo = () => {}

test('starts for the first subscriber and stops after the last', () => {
  const stop = vi.fn()
  const start = vi.fn(() => stop)
  const { subscribe } = createLifecycleStore(0, start)
  expect(start).not.toHaveBeenCalled()
  const first = subscribe(ignore)
  const second = subscribe(ignoreToo)
  expect(start).toHaveBeenCalledTimes(1)
  second()
  expect(stop).not.toHaveBeenCalled()
  first()
  expect(stop).toHaveBeenCalledTimes(1)
})

test("a stale unsubscribe ends nobody else's subscription, not even one with the same listener", () => {
  const stop = vi.fn()
  const listener = vi.fn()
  const { subscribe, setState } = createLifecycleStore(0, () => stop)
  const first = subscribe(listener)
  first()
  expect(stop).toHaveBeenCalledTimes(1)

  const second = subscribe(listener)
  first()
  expect(stop).toHaveBeenCalledTimes(1)
  setState(1)
  expect(listener.mock.calls).toEqual([[1, 0]])
  second()
  second()
  expect(stop).toHaveBeenCalledTimes(2)
})

test('one listener that subscribes twice has two subscriptions', () => {
  const stop = vi.fn()
  const listener = vi.fn()
  const { subscribe, setState } = createLifecycleStore(0, () => stop)
  const first = subscribe(listener)
  const second = subscribe(listener)
  setState(1)
  expect(listener).toHaveBeenCalledTimes(2)
  first()
  first()
  expect(stop).not.toHaveBeenCalled()
  setState(2)
  expect(listener).toHaveBeenCalledTimes(3)
  second()
  expect(stop).toHaveBeenCalledTimes(1)
})

test('starts again after a stop, with a stop of its own', () => {
  const log: string[] = []
  let runs = 0
  const { subscribe } = createLifecycleStore(0, () => {
    const run = ++runs
    log.push(`start ${run}`)
    return () => log.push(`stop ${run}`)
  })
  const first = subscribe(ignore)
  first()
  const second = subscribe(ignore)
  first()
  expect(log).toEqual(['start 1', 'stop 1', 'start 2'])
  second()
  expect(log).toEqual(['start 1', 'stop 1', 'start 2', 'stop 2'])
})

test('the same state notifies nobody; another one notifies every subscriber, and is kept', () => {
  const listener = vi.fn()
  const initial = { typists: [], total: 0 }
  const other = { typists: [], total: 0 }
  const { subscribe, setState, getState, getInitialState } = createLifecycleStore(initial, () => ignore)
  subscribe(listener)
  setState(initial)
  expect(listener).not.toHaveBeenCalled()
  setState(other)
  expect(listener.mock.calls).toEqual([[other, initial]])
  expect(getState()).toBe(other)
  expect(getInitialState()).toBe(initial)
})

test('a listener finds the new state in force, and one that an earlier listener unsubscribes is not called', () => {
  const { subscribe, setState, getState } = createLifecycleStore('a', () => ignore)
  const calls: string[] = []
  subscribe((state) => {
    calls.push(`first ${state} ${getState()}`)
    second()
  })
  const second = subscribe((state) => calls.push(`second ${state}`))
  setState('b')
  expect(calls).toEqual(['first b b'])
})

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

test('unsubscribing twice does nothing; one function that subscribes twice is one subscriber, as in zustand', () => {
  const stop = vi.fn()
  const heard = vi.fn()
  const { subscribe, set } = createLifecycleStore(0, () => stop)
  const first = subscribe(ignore)
  const second = subscribe(heard)
  subscribe(heard)
  first()
  first()
  expect(stop).not.toHaveBeenCalled()
  set(1)
  expect(heard.mock.calls).toEqual([[1, 0]])
  second()
  second()
  expect(stop).toHaveBeenCalledTimes(1)
})

test('starts anew after a stop, with a stop of its own', () => {
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
  second()
  expect(log).toEqual(['start 1', 'stop 1', 'start 2', 'stop 2'])
})

test('what is equal to the state before is no news, and is not kept', () => {
  const heard = vi.fn()
  const initial = { typists: [], total: 0 }
  const { subscribe, set, getState, getInitialState } = createLifecycleStore(initial, () => ignore)
  subscribe(heard)
  set({ typists: [], total: 0 })
  expect(heard).not.toHaveBeenCalled()
  expect(getState()).toBe(initial)
  set({ typists: [], total: 1 })
  expect(heard.mock.calls).toEqual([[{ typists: [], total: 1 }, initial]])
  expect(getInitialState()).toBe(initial)
})

test('whoever is told finds the state in force, and whoever is ended by one told before is told no more', () => {
  const { subscribe, set, getState } = createLifecycleStore('a', () => ignore)
  const heard: string[] = []
  subscribe((state) => {
    heard.push(`first ${state} ${getState()}`)
    second()
  })
  const second = subscribe((state) => heard.push(`second ${state}`))
  set('b')
  expect(heard).toEqual(['first b b'])
})

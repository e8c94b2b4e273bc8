import { expect, test } from 'vitest'
import { createLifecycleStore } from '../../../src/core/lifecycle-store.ts'
import { keepRunning, keepRunningWhileSubscribed } from '../../../src/core/transport/keep-running.ts'

const createLoggedStore = () => {
  const log: string[] = []
  const store = createLifecycleStore('on', () => {
    log.push('start')
    return () => log.push('stop')
  })
  return { log, store }
}

test('keepRunning: a store runs until every function has been called', () => {
  const { log, store } = createLoggedStore()
  const ends = [keepRunning(store), keepRunning(store)]
  ends[0]!()
  ends[0]!()
  expect(log).toEqual(['start'])
  ends[1]!()
  expect(log).toEqual(['start', 'stop'])
})

test('keepRunningWhileSubscribed: the subscription ends before the store stops', () => {
  const { log, store } = createLoggedStore()
  const end = keepRunningWhileSubscribed(store, () => {
    log.push('subscribe')
    return () => log.push('unsubscribe')
  })
  expect(log).toEqual(['subscribe', 'start'])
  end()
  expect(log).toEqual(['subscribe', 'start', 'unsubscribe', 'stop'])
})

test('keepRunningWhileSubscribed: a subscription that throws leaves nothing running', () => {
  const { log, store } = createLoggedStore()
  expect(() =>
    keepRunningWhileSubscribed(store, () => {
      throw new TypeError('no conversation')
    }),
  ).toThrow('no conversation')
  expect(log).toEqual([])
})

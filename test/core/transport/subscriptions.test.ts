import { afterEach, expect, test, vi } from 'vitest'
import type { TransportListener } from '../../../src/core/index.ts'
import { createSubscriptions } from '../../../src/core/transport/subscriptions.ts'
import { mapEntriesLeftBy } from '../../support/map-entries.ts'

const listener = (message: () => void): TransportListener => ({ message, typists() {} })
const hello = { conversation: { user: 'ann' }, command: 'wave', data: 1, from: { id: 'ann' } }
const ann = { user: 'ann' }
const team = { group: 'team' }

afterEach(() => {
  vi.unstubAllGlobals()
})

test('notifies the subscribers of the conversation in order, and nobody else', () => {
  const received: string[] = []
  const { add, notify } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => received.push('first')),
  )
  add(
    team,
    listener(() => received.push('team')),
  )
  add(
    { user: 'ann', thread: 't' },
    listener(() => received.push('thread')),
  )
  add(
    { user: 'ann' },
    listener(() => received.push('second')),
  )
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(received).toEqual(['first', 'second'])
})

test('T5: calls onChange after each subscription, and after the last unsubscribe', () => {
  const changes: string[] = []
  const { add, conversations } = createSubscriptions((key) => changes.push(`${key} ${conversations.has(key)}`))
  const first = add(
    team,
    listener(() => {}),
  )
  const second = add(
    team,
    listener(() => {}),
  )
  const key = '[null,"team",null]'
  expect([...conversations]).toEqual([[key, team]])
  first()
  expect(changes).toEqual([`${key} true`, `${key} true`])
  second()
  expect(changes).toEqual([`${key} true`, `${key} true`, `${key} false`])
  expect(conversations.size).toBe(0)
})

test('one listener may subscribe twice, and unsubscribes each by itself', () => {
  const message = vi.fn()
  const ownListener = listener(message)
  const { add, notify } = createSubscriptions(() => {})
  const first = add(ann, ownListener)
  const second = add(ann, ownListener)
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(message).toHaveBeenCalledTimes(2)
  first()
  first()
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(message).toHaveBeenCalledTimes(3)
  second()
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(message).toHaveBeenCalledTimes(3)
})

test('a stale unsubscribe does not end a later subscription', () => {
  const onChange = vi.fn()
  const message = vi.fn()
  const { add, notify, conversations } = createSubscriptions(onChange)
  const old = add(
    ann,
    listener(() => {}),
  )
  old()
  add(ann, listener(message))
  old()
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(message).toHaveBeenCalledTimes(1)
  expect(conversations.size).toBe(1)
  expect(onChange).toHaveBeenCalledTimes(3)
})

test('a listener that an earlier one unsubscribes is not called, nor is one that subscribes meanwhile', () => {
  const received: string[] = []
  const { add, notify } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => {
      received.push('first')
      second()
      add(
        ann,
        listener(() => received.push('late')),
      )
    }),
  )
  const second = add(
    ann,
    listener(() => received.push('second')),
  )
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(received).toEqual(['first'])
})

test('an error that a listener throws is reported as an uncaught error, and the others are called', () => {
  const later: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (callback: () => void) => later.push(callback))
  const message = vi.fn()
  const { add, notify } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => {
      throw new Error('from the app')
    }),
  )
  add(ann, listener(message))
  notify(ann, (subscriber) => subscriber.message(hello))
  expect(message).toHaveBeenCalledTimes(1)
  expect(later).toHaveLength(1)
  expect(later[0]).toThrow('from the app')
})

test('without subscribers nothing happens', () => {
  const call = vi.fn()
  createSubscriptions(() => {}).notify(ann, call)
  expect(call).not.toHaveBeenCalled()
})

test('T5: keeps nothing of a conversation after its last subscriber', () => {
  const subscriptions = createSubscriptions(() => {})
  const entries = mapEntriesLeftBy(() => {
    for (const conversation of [ann, team]) {
      const unsubscribes = [1, 2].map(() =>
        subscriptions.add(
          conversation,
          listener(() => {}),
        ),
      )
      for (const unsubscribe of unsubscribes) unsubscribe()
    }
  })
  expect(entries).toBe(0)
})

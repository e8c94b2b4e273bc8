import { afterEach, expect, test, vi } from 'vitest'
import type { TransportListener } from '../../../src/core/index.ts'
import { createSubscriptions } from '../../../src/core/transport/subscriptions.ts'

const listener = (message: () => void): TransportListener => ({ message, typists() {} })
const hello = { conversation: { user: 'ann' }, command: 'wave', data: 1, from: { id: 'ann' } }
const ann = { user: 'ann' }
const team = { group: 'team' }

afterEach(() => {
  vi.unstubAllGlobals()
})

test('tells those who listen to the conversation, in order, and nobody else', () => {
  const heard: string[] = []
  const { add, notify: tell } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => heard.push('first')),
  )
  add(
    team,
    listener(() => heard.push('team')),
  )
  add(
    { user: 'ann', thread: 't' },
    listener(() => heard.push('thread')),
  )
  add(
    { user: 'ann' },
    listener(() => heard.push('second')),
  )
  tell(ann, (on) => on.message(hello))
  expect(heard).toEqual(['first', 'second'])
})

test('T5 says when the last listener of a conversation has gone, and after each that comes', () => {
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

test('one listener may subscribe twice, and ends each by itself', () => {
  const message = vi.fn()
  const on = listener(message)
  const { add, notify: tell } = createSubscriptions(() => {})
  const first = add(ann, on)
  const second = add(ann, on)
  tell(ann, (each) => each.message(hello))
  expect(message).toHaveBeenCalledTimes(2)
  first()
  first()
  tell(ann, (each) => each.message(hello))
  expect(message).toHaveBeenCalledTimes(3)
  second()
  tell(ann, (each) => each.message(hello))
  expect(message).toHaveBeenCalledTimes(3)
})

test('an old end does not end a later subscription', () => {
  const changed = vi.fn()
  const message = vi.fn()
  const { add, notify: tell, conversations } = createSubscriptions(changed)
  const old = add(
    ann,
    listener(() => {}),
  )
  old()
  add(ann, listener(message))
  old()
  tell(ann, (on) => on.message(hello))
  expect(message).toHaveBeenCalledTimes(1)
  expect(conversations.size).toBe(1)
  expect(changed).toHaveBeenCalledTimes(3)
})

test('whoever is ended by one told before is told no more, whoever comes meanwhile not yet', () => {
  const heard: string[] = []
  const { add, notify: tell } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => {
      heard.push('first')
      second()
      add(
        ann,
        listener(() => heard.push('late')),
      )
    }),
  )
  const second = add(
    ann,
    listener(() => heard.push('second')),
  )
  tell(ann, (on) => on.message(hello))
  expect(heard).toEqual(['first'])
})

test('one that throws is reported as an uncaught error and stops no other', () => {
  const later: (() => void)[] = []
  vi.stubGlobal('queueMicrotask', (callback: () => void) => later.push(callback))
  const message = vi.fn()
  const { add, notify: tell } = createSubscriptions(() => {})
  add(
    ann,
    listener(() => {
      throw new Error('from the app')
    }),
  )
  add(ann, listener(message))
  tell(ann, (on) => on.message(hello))
  expect(message).toHaveBeenCalledTimes(1)
  expect(later).toHaveLength(1)
  expect(later[0]).toThrow('from the app')
})

test('nobody listens: nothing happens', () => {
  const call = vi.fn()
  createSubscriptions(() => {}).notify(ann, call)
  expect(call).not.toHaveBeenCalled()
})

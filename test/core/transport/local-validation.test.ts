import { describe, expect, test, vi } from 'vitest'
import { createError } from '../../../src/core/errors.ts'
import type { Conversation, TransportListener, User } from '../../../src/core/index.ts'
import { checkOutgoing, requireUser, subscribeOrRefuse } from '../../../src/core/transport/local-validation.ts'
import { createSubscriptions } from '../../../src/core/transport/subscriptions.ts'

const ann = { user: 'ann' }
const invalid = { user: '' }

describe('checkOutgoing', () => {
  test('returns what is sent: the known fields, with the data as JSON', () => {
    const conversation = { user: 'ann', more: 1 } as Conversation
    const message = { conversation, command: 'wave', data: { n: 1 }, priority: 'low' } as const
    expect(checkOutgoing(message)).toEqual({ conversation: ann, command: 'wave', data: '{"n":1}' })
  })

  test.each([
    ['The conversation is invalid.', { conversation: invalid, command: 'wave', data: 1 }],
    ['The command is invalid.', { conversation: ann, command: '', data: 1 }],
    ['The data cannot be written as JSON', { conversation: ann, command: 'wave', data: 1n }],
  ])('refuses what is wrong: %s', (text, message) => {
    expect(checkOutgoing(message)).toEqual({
      ok: false,
      code: 'invalid',
      message: expect.stringContaining(text) as string,
    })
  })

  test('refuses data with more bytes than allowed, 4096 if nothing else is said', () => {
    const withData = (length: number) => ({ conversation: ann, command: 'wave', data: 'x'.repeat(length - 2) })
    expect(checkOutgoing(withData(4096))).toMatchObject({ command: 'wave' })
    expect(checkOutgoing(withData(4097))).toMatchObject({ code: 'too-large' })
    expect(checkOutgoing(withData(10), 10)).toMatchObject({ command: 'wave' })
    expect(checkOutgoing(withData(11), 10)).toMatchObject({ code: 'too-large' })
  })
})

describe('requireUser', () => {
  test('copies the known fields', () => {
    expect(requireUser({ id: 'ann', name: 'Ann', more: 1 } as User)).toEqual({ id: 'ann', name: 'Ann' })
  })

  test.each([undefined, null, {}, { id: '' }, { id: 'x'.repeat(257) }, { id: 1 }])('throws for %j', (value) => {
    expect(() => requireUser(value as User)).toThrow(
      createError(TypeError, 'invalid-user', 'The user is invalid. Give { id }, a string of 1 to 256 characters.'),
    )
  })
})

describe('subscribeOrRefuse', () => {
  const createListener = () => ({ message: vi.fn(), typists: vi.fn(), refused: vi.fn() })

  test('subscribes to a valid conversation, until unsubscribed', () => {
    const subscriptions = createSubscriptions(() => {})
    const listener = createListener()
    const unsubscribe = subscribeOrRefuse(subscriptions, ann, listener)
    expect(subscriptions.conversations.size).toBe(1)
    unsubscribe()
    expect(subscriptions.conversations.size).toBe(0)
    expect(listener.refused).not.toHaveBeenCalled()
  })

  test('refuses an invalid conversation after the call has returned', async () => {
    const subscriptions = createSubscriptions(() => {})
    const listener = createListener()
    subscribeOrRefuse(subscriptions, invalid, listener)
    expect(listener.refused).not.toHaveBeenCalled()
    await Promise.resolve()
    expect(listener.refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ ok: false, code: 'invalid' }))
    expect(subscriptions.conversations.size).toBe(0)
  })

  test('refuses nothing after an unsubscribe', async () => {
    const listener = createListener()
    subscribeOrRefuse(
      createSubscriptions(() => {}),
      invalid,
      listener,
    )()
    await Promise.resolve()
    expect(listener.refused).not.toHaveBeenCalled()
  })

  test('a listener needs no `refused`', () => {
    const microtasks: (() => void)[] = []
    vi.stubGlobal('queueMicrotask', (callback: () => void) => microtasks.push(callback))
    const listener: TransportListener = { message() {}, typists() {} }
    subscribeOrRefuse(
      createSubscriptions(() => {}),
      invalid,
      listener,
    )
    vi.unstubAllGlobals()
    expect(microtasks).toHaveLength(1)
    expect(microtasks[0]).not.toThrow()
  })
})

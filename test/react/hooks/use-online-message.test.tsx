import { renderHook } from '@testing-library/react'
import { describe, expect, expectTypeOf, test, vi } from 'vitest'
import { z } from 'zod'
import {
  type Conversation,
  type OnlineMessage,
  type SendOptions,
  type SendOnlineMessage,
  type SendResult,
  type StandardSchemaV1,
  useOnlineMessage,
  type UseOnlineMessageOptions,
} from '../../../src/index.ts'
import { createHarness, withFakeClock } from '../../support/react/harness.tsx'

withFakeClock()

const TEAM: Conversation = { group: 'team' }

type Options = Partial<UseOnlineMessageOptions>
const setUp = (harness: ReturnType<typeof createHarness>, options: Options = {}) =>
  renderHook(
    (changed: Options) => useOnlineMessage({ conversation: { group: 'team' }, command: 'cursor', ...changed }),
    { wrapper: harness.wrapper, initialProps: options },
  )

describe('sending', () => {
  test('a message is sent to the conversation, with its options', async () => {
    const harness = createHarness()
    harness.transport.answer({ ok: true, recipients: 2 })
    const { result } = setUp(harness)
    expect(await result.current({ x: 1 }, { priority: 'low' })).toEqual({ ok: true, recipients: 2 })
    expect(harness.transport.sent).toEqual([{ conversation: TEAM, command: 'cursor', data: { x: 1 }, priority: 'low' }])
  })

  test('it is sent before the next line runs', () => {
    const harness = createHarness()
    const { result } = setUp(harness)
    void result.current(1)
    expect(harness.transport.sent).toHaveLength(1)
  })

  test('the function stays the same while client, conversation and command do', () => {
    const harness = createHarness()
    const { result, rerender } = setUp(harness, { onMessage: () => {} })
    const first = result.current
    rerender({ onMessage: () => {}, throttle: 10, schema: z.unknown() })
    expect(result.current).toBe(first)
    rerender({ command: 'other' })
    expect(result.current).not.toBe(first)
  })

  test('without a conversation the result is a failure that says so', async () => {
    const harness = createHarness()
    const { result } = setUp(harness, { conversation: null, onMessage: () => {} })
    expect(await result.current(1)).toEqual({
      ok: false,
      code: 'invalid',
      message: expect.stringMatching(/no conversation.*choose/i) as string,
    })
    expect(harness.transport.sent).toEqual([])
    expect(harness.transport.subscribedConversations()).toEqual([])
  })

  test('without `onMessage` it is subscribed to the connection only', () => {
    const harness = createHarness()
    const { unmount } = setUp(harness)
    expect(harness.transport.connectionSubscribers()).toBe(1)
    expect(harness.transport.subscribedConversations()).toEqual([])
    unmount()
    harness.expectNothingLeft()
  })
})

describe('throttle', () => {
  const values = (harness: ReturnType<typeof createHarness>) => harness.transport.sent.map(({ data }) => data)

  test('T6: without it, several values in one task are all sent, in order', () => {
    const harness = createHarness()
    const { result } = setUp(harness)
    for (let i = 1; i <= 3; i++) void result.current(i)
    expect(values(harness)).toEqual([1, 2, 3])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('the first value is sent at once, the newest of the others after the interval, and the last one always', async () => {
    const harness = createHarness()
    const { result } = setUp(harness, { throttle: 100 })
    for (let i = 1; i <= 5; i++) void result.current(i)
    expect(values(harness)).toEqual([1])
    vi.advanceTimersByTime(99)
    expect(values(harness)).toEqual([1])
    vi.advanceTimersByTime(1)
    expect(values(harness)).toEqual([1, 5])
    void result.current(6)
    expect(values(harness)).toEqual([1, 5])
    vi.advanceTimersByTime(100)
    expect(values(harness)).toEqual([1, 5, 6])
    vi.advanceTimersByTime(100)
    void result.current(7)
    expect(values(harness)).toEqual([1, 5, 6, 7])
    expect(vi.getTimerCount()).toBe(0)
  })

  test('a call whose value was replaced gets the result of the newer value', async () => {
    const harness = createHarness()
    const { result } = setUp(harness, { throttle: 100 })
    const first = result.current(1)
    const replaced = result.current(2)
    const last = result.current(3)
    harness.transport.answer({ ok: true, recipients: 3 })
    vi.advanceTimersByTime(100)
    expect(await Promise.all([first, replaced, last])).toEqual([
      { ok: true },
      { ok: true, recipients: 3 },
      { ok: true, recipients: 3 },
    ])
  })

  test('a waiting value is sent on unmount, and no timer is left', async () => {
    const harness = createHarness()
    const { result, unmount } = setUp(harness, { throttle: 100 })
    void result.current(1)
    const last = result.current(2)
    unmount()
    expect(values(harness)).toEqual([1, 2])
    expect(await last).toEqual({ ok: true })
    harness.expectNothingLeft()
  })

  test('a waiting value is sent to its own conversation when another one is chosen', () => {
    const harness = createHarness()
    const { result, rerender } = setUp(harness, { throttle: 100 })
    void result.current(1)
    void result.current(2)
    rerender({ throttle: 100, conversation: { user: 'bob' } })
    void result.current(3)
    expect(harness.transport.sent.map(({ conversation, data }) => [conversation, data])).toEqual([
      [TEAM, 1],
      [TEAM, 2],
      [{ user: 'bob' }, 3],
    ])
  })

  test('a value whose signal aborts while it waits is not sent', async () => {
    const harness = createHarness()
    const { result } = setUp(harness, { throttle: 100 })
    void result.current(1)
    const abort = new AbortController()
    const last = result.current(2, { signal: abort.signal })
    abort.abort()
    vi.advanceTimersByTime(100)
    expect(await last).toMatchObject({ ok: false, code: 'aborted' })
    expect(values(harness)).toEqual([1])
  })
})

describe('receiving', () => {
  test('only messages of its command and conversation', () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    setUp(harness, { onMessage })
    harness.transport.deliver(TEAM, 'cursor', 1)
    harness.transport.deliver(TEAM, 'other', 2)
    harness.transport.deliver({ user: 'ann' }, 'cursor', 3)
    expect(onMessage.mock.calls).toEqual([[{ conversation: TEAM, command: 'cursor', data: 1, from: { id: 'ann' } }]])
  })

  test('the `onMessage` of the latest render is called, without a new subscription', () => {
    const harness = createHarness()
    const subscribe = vi.spyOn(harness.client, 'subscribe')
    const received: string[] = []
    const { rerender } = setUp(harness, { onMessage: () => received.push('old') })
    rerender({ onMessage: () => received.push('new') })
    harness.transport.deliver(TEAM, 'cursor', 1)
    expect(received).toEqual(['new'])
    expect(subscribe).toHaveBeenCalledTimes(1)
  })

  test('T5: it is subscribed only while there is an `onMessage`', () => {
    const harness = createHarness()
    const { rerender } = setUp(harness)
    expect(harness.transport.subscribedConversations()).toEqual([])
    rerender({ onMessage: () => {} })
    expect(harness.transport.subscribedConversations()).toEqual(['team'])
    rerender({})
    expect(harness.transport.subscribedConversations()).toEqual([])
  })

  test('StrictMode receives once, and nothing is left after unmount', () => {
    const harness = createHarness({ strict: true })
    const onMessage = vi.fn()
    const { unmount } = setUp(harness, { onMessage })
    harness.transport.deliver(TEAM, 'cursor', 1)
    expect(onMessage).toHaveBeenCalledTimes(1)
    unmount()
    harness.transport.deliver(TEAM, 'cursor', 2)
    expect(onMessage).toHaveBeenCalledTimes(1)
    harness.expectNothingLeft()
  })
})

describe('schema', () => {
  const later = <Data,>(check: (value: unknown) => boolean): StandardSchemaV1<unknown, Data> => ({
    '~standard': {
      version: 1,
      vendor: 'test',
      validate: async (value) =>
        check(value) ? { value: value as Data } : { issues: [{ message: 'not what was expected' }] },
    },
  })

  test('data that fits is received as the schema returns it', () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    setUp(harness, { onMessage, schema: z.object({ x: z.number().transform(String) }) })
    harness.transport.deliver(TEAM, 'cursor', { x: 1, more: true })
    expect(onMessage).toHaveBeenCalledWith({
      conversation: TEAM,
      command: 'cursor',
      data: { x: '1' },
      from: { id: 'ann' },
    })
  })

  test('data that does not fit is dropped and reported to `onError`', () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    setUp(harness, { onMessage, schema: z.object({ x: z.number('x is no number') }) })
    harness.transport.deliver(TEAM, 'cursor', { x: 'one' })
    expect(onMessage).not.toHaveBeenCalled()
    expect(harness.errors).toHaveLength(1)
    expect(harness.errors[0]).toMatchObject({ code: 'invalid', conversation: TEAM, command: 'cursor' })
    expect(harness.errors[0]?.message).toMatch(
      /^data does not fit the schema: x is no number\. Correct it where it is sent\.$/,
    )
  })

  test('a schema that answers later decides the same', async () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    setUp(harness, { onMessage, schema: later((value) => value === 1) })
    harness.transport.deliver(TEAM, 'cursor', 1)
    harness.transport.deliver(TEAM, 'cursor', 2)
    await vi.advanceTimersByTimeAsync(0)
    expect(onMessage.mock.calls.map(([message]) => (message as OnlineMessage).data)).toEqual([1])
    expect(harness.errors).toHaveLength(1)
  })

  test('T6: checks of different lengths keep the order, and a check that rejects is reported', async () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    // The data says how long its check takes in milliseconds: 0 is checked at once, and a negative number fails.
    const slow: StandardSchemaV1<unknown, number> = {
      '~standard': {
        version: 1,
        vendor: 'test',
        validate(value) {
          const ms = value as number
          if (!ms) return { value: ms }
          return new Promise((resolve, reject) =>
            setTimeout(() => {
              if (ms > 0) resolve({ value: ms })
              else reject(new Error('no such table'))
            }, Math.abs(ms)),
          )
        },
      },
    }
    const { unmount } = setUp(harness, { onMessage, schema: slow })
    const received = () => onMessage.mock.calls.map(([message]) => (message as OnlineMessage).data)
    for (const data of [0, 300, -1, 200, 0, 100]) harness.transport.deliver(TEAM, 'cursor', data)
    expect(received()).toEqual([0])
    await vi.advanceTimersByTimeAsync(299)
    expect([received(), harness.errors]).toEqual([[0], []])
    await vi.advanceTimersByTimeAsync(1)
    expect(received()).toEqual([0, 300, 200, 0, 100])
    expect(harness.errors.map(({ message }) => message)).toEqual([
      expect.stringMatching(/^data does not fit the schema: no such table\. Correct it where it is sent\.$/),
    ])
    unmount()
    harness.expectNothingLeft()
  })

  test('G1: a message whose check ends after unmount is not received', async () => {
    const harness = createHarness()
    const onMessage = vi.fn()
    const { unmount } = setUp(harness, { onMessage, schema: later((value) => value === 1) })
    harness.transport.deliver(TEAM, 'cursor', 1)
    harness.transport.deliver(TEAM, 'cursor', 2)
    unmount()
    await vi.advanceTimersByTimeAsync(0)
    expect(onMessage).not.toHaveBeenCalled()
    expect(harness.errors).toEqual([])
  })
})

test('types: without declared commands any string is a command, and Data is the caller’s', () => {
  const harness = createHarness()
  const { result } = renderHook(
    () => [
      useOnlineMessage<{ x: number }>({
        conversation: TEAM,
        command: 'cursor',
        onMessage: ({ data }) => expectTypeOf(data).toEqualTypeOf<{ x: number }>(),
      }),
      useOnlineMessage({ conversation: TEAM, command: 'nudge' }),
      useOnlineMessage({
        conversation: TEAM,
        command: 'cursor',
        schema: z.object({ x: z.number() }),
        onMessage: ({ data }) => expectTypeOf(data).toEqualTypeOf<{ x: number }>(),
      }),
    ],
    { wrapper: harness.wrapper },
  )
  const [typed, untyped, checked] = result.current as unknown as [
    SendOnlineMessage<{ x: number }>,
    SendOnlineMessage<unknown>,
    SendOnlineMessage<{ x: number }>,
  ]
  expectTypeOf(typed).toEqualTypeOf<(data: { x: number }, options?: SendOptions) => Promise<SendResult>>()
  expectTypeOf(checked).toEqualTypeOf(typed)
  expectTypeOf(untyped).toBeCallableWith()
  expectTypeOf(untyped).toBeCallableWith('anything', { priority: 'high' })
  // Data that may be undefined may be left out.
  expectTypeOf<SendOnlineMessage<undefined>>().toBeCallableWith()
  expectTypeOf<SendOnlineMessage<string | undefined>>().toBeCallableWith()
  expectTypeOf<Parameters<SendOnlineMessage<string>>>().toEqualTypeOf<[data: string, options?: SendOptions]>()
})

import { act, renderHook, screen } from '@testing-library/react'
import { Profiler, type ReactNode, useState } from 'react'
import { expect, test, vi } from 'vitest'
import {
  type Conversation,
  type OnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  useConnection,
  useOnlineMessageClient,
  useTypingInput,
  useTypists,
} from '../../../src/index.ts'
import { createHarness, pass, quietly, withFakeClock } from '../../support/react/harness.tsx'

withFakeClock()

const ANN: Conversation = { user: 'ann' }
const ann = { id: 'ann', name: 'Ann' }

test('R1, R3: a typist appears with a lease and disappears with its release', () => {
  const { transport, wrapper } = createHarness()
  const { result } = renderHook(() => useTypists({ user: 'ann' }), { wrapper })
  expect(result.current).toEqual({ typists: [], total: 0 })
  act(() => transport.lease(ANN, ann, {}))
  expect(result.current).toMatchObject({ typists: [{ id: 'ann', name: 'Ann', activity: 'typing' }], total: 1 })
  act(() => transport.lease(ANN, ann, { ttl: 0 }))
  expect(result.current).toEqual({ typists: [], total: 0 })
})

test('R2: a renewal renders nothing, and the state stays the same object', () => {
  const { transport, wrapper } = createHarness()
  let renders = 0
  const { result } = renderHook(
    () => {
      renders++
      return useTypists({ user: 'ann' })
    },
    { wrapper },
  )
  act(() => transport.lease(ANN, ann, {}))
  const [before, state] = [renders, result.current]
  for (let i = 0; i < 1000; i++) act(() => transport.lease(ANN, ann, {}))
  expect(renders).toBe(before)
  expect(result.current).toBe(state)
})

test('R4: an expired lease removes its typist', () => {
  const { transport, wrapper } = createHarness()
  const { result } = renderHook(() => useTypists(ANN), { wrapper })
  act(() => transport.lease(ANN, ann, { ttl: 3000 }))
  pass(2900)
  expect(result.current.total).toBe(1)
  pass(200)
  expect(result.current.total).toBe(0)
})

test('R5: a disconnect empties the list', () => {
  const { transport, wrapper } = createHarness()
  const { result } = renderHook(() => [useTypists(ANN), useConnection()] as const, { wrapper })
  act(() => transport.lease(ANN, ann, {}))
  act(() => transport.setConnection('offline'))
  expect(result.current).toEqual([{ typists: [], total: 0 }, 'offline'])
})

test('R6: a message that has arrived removes its typist', () => {
  const { transport, wrapper } = createHarness()
  const { result } = renderHook(() => [useTypists(ANN), useOnlineMessageClient()] as const, { wrapper })
  act(() => transport.lease(ANN, ann, {}))
  act(() => result.current[1].clearTypist(ANN, 'ann'))
  act(() => transport.lease(ANN, ann, {}))
  expect(result.current[0].total).toBe(0)
})

test('a new object for the same conversation does not subscribe again', () => {
  const { transport, client, wrapper } = createHarness()
  const typists = vi.spyOn(client, 'typists')
  const { rerender } = renderHook(() => useTypists({ group: 'team', thread: 't' }), { wrapper })
  rerender()
  rerender()
  expect(typists).toHaveBeenCalledTimes(1)
  expect(transport.subscribedConversations()).toEqual(['team/t'])
})

test('T5: another conversation ends the subscription to the first, and `null` ends it without another', () => {
  const { transport, wrapper, expectNothingLeft } = createHarness()
  const { result, rerender, unmount } = renderHook((conversation: Conversation | null) => useTypists(conversation), {
    wrapper,
    initialProps: ANN as Conversation | null,
  })
  act(() => transport.lease(ANN, ann, {}))
  rerender({ user: 'bob' })
  expect(result.current.total).toBe(0)
  expect(transport.subscribedConversations()).toEqual(['bob'])
  rerender(null)
  expect(result.current.total).toBe(0)
  expect(transport.subscribedConversations()).toEqual([])
  rerender(ANN)
  act(() => transport.lease(ANN, ann, {}))
  unmount()
  expectNothingLeft()
})

test('StrictMode subscribes once', () => {
  const { transport, wrapper, expectNothingLeft } = createHarness({ strict: true })
  const { unmount } = renderHook(() => useTypists(ANN), { wrapper })
  expect(transport.subscribedConversations()).toEqual(['ann'])
  unmount()
  expectNothingLeft()
})

test('R2: with 200 conversations on screen one event is one commit and one render, and a renewal none', () => {
  const { transport, show, expectNothingLeft } = createHarness()
  const commits = vi.fn()
  const renders = vi.fn()
  function List() {
    const { inputProps } = useTypingInput({ user: 'user 7' })
    return (
      <>
        {Array.from({ length: 200 }, (_, i) => (
          <Profiler key={i} id={`badge ${i}`} onRender={renders}>
            <TypingBadge conversation={{ user: `user ${i}` }} />
          </Profiler>
        ))}
        <textarea {...inputProps} />
      </>
    )
  }
  const { unmount } = show(
    <Profiler id="list" onRender={commits}>
      <List />
    </Profiler>,
  )
  expect(new Set(transport.subscribedConversations()).size).toBe(200)
  const lease = (ttl: number) => act(() => transport.lease({ user: 'user 7' }, { id: 'user 7' }, { ttl }))
  const counted = () => {
    const counts = { commits: commits.mock.calls.length, renders: renders.mock.calls.length }
    commits.mockClear()
    renders.mockClear()
    return counts
  }
  counted()
  lease(7000)
  expect(counted()).toEqual({ commits: 1, renders: 1 })
  expect(screen.getByText('The other party is typing…')).toBeInTheDocument()
  for (let i = 0; i < 100; i++) lease(7000)
  pass(5000)
  expect(counted()).toEqual({ commits: 0, renders: 0 })
  lease(0)
  expect(counted()).toEqual({ commits: 1, renders: 1 })
  unmount()
  expectNothingLeft()
})

test('useConnection follows the connection', () => {
  const { transport, wrapper } = createHarness()
  const { result } = renderHook(() => useConnection(), { wrapper })
  expect(result.current).toBe('online')
  act(() => transport.setConnection('connecting'))
  expect(result.current).toBe('connecting')
})

test('without a provider the error says what is missing, and the fix', () => {
  quietly(() => {
    expect(() => renderHook(() => useTypists(ANN))).toThrow(/OnlineMessageProvider.*wrap/i)
    expect(() => renderHook(() => useConnection())).toThrow(/OnlineMessageProvider.*wrap/i)
    // An app that makes its client after a login may render the provider before it.
    const withoutClient = ({ children }: { children: ReactNode }) => (
      <OnlineMessageProvider client={undefined as unknown as OnlineMessageClient}>{children}</OnlineMessageProvider>
    )
    expect(() => renderHook(() => useConnection(), { wrapper: withoutClient })).toThrow(
      'No OnlineMessageProvider with a client: wrap the app in one. (react-online-message: no-provider)',
    )
  })
})

test('a new client in the provider replaces the old one', () => {
  const first = createHarness()
  const second = createHarness()
  let swap = () => {}
  function App() {
    const [{ wrapper: Wrapper }, set] = useState(first)
    swap = () => set(second)
    return (
      <Wrapper>
        <TypingBadge conversation={ANN} />
      </Wrapper>
    )
  }
  first.show(<App />)
  expect(first.transport.subscribedConversations()).toEqual(['ann'])
  act(() => swap())
  expect(first.transport.subscribedConversations()).toEqual([])
  expect(second.transport.subscribedConversations()).toEqual(['ann'])
})

import { act, render, type RenderResult } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { afterEach, beforeEach, expect, vi } from 'vitest'
import {
  createOnlineMessageClient,
  type OnlineMessageClient,
  type OnlineMessageError,
  OnlineMessageProvider,
  type TypingLocale,
} from '../../../src/index.ts'
import { createObservedTransport, type ObservedTransport } from './observed-transport.ts'

export interface Harness {
  readonly transport: ObservedTransport
  readonly client: OnlineMessageClient
  /** What the client's `onError` was called with. */
  readonly errors: OnlineMessageError[]
  readonly wrapper: (props: { children: ReactNode }) => ReactElement
  show(ui: ReactElement): RenderResult
  /** No subscription and no timer is left: true of everything after it is unmounted. */
  expectNothingLeft(): void
}

/** A client on a transport that the test observes, and a provider of it. */
export function createHarness({ locale, strict }: { locale?: TypingLocale; strict?: boolean } = {}): Harness {
  const transport = createObservedTransport()
  const errors: OnlineMessageError[] = []
  const client = createOnlineMessageClient({ transport, onError: (error) => errors.push(error) })
  const wrapper: Harness['wrapper'] = ({ children }) => {
    const provided = (
      <OnlineMessageProvider client={client} locale={locale}>
        {children}
      </OnlineMessageProvider>
    )
    return strict ? <StrictMode>{provided}</StrictMode> : provided
  }
  return {
    transport,
    client,
    errors,
    wrapper,
    show: (ui) => render(ui, { wrapper }),
    expectNothingLeft() {
      expect({
        conversations: transport.subscribedConversations(),
        connectionSubscribers: transport.connectionSubscribers(),
        timers: vi.getTimerCount(),
      }).toEqual({ conversations: [], connectionSubscribers: 0, timers: 0 })
    },
  }
}

/** Gives every test of the file a fake clock. */
export function withFakeClock(): void {
  beforeEach(() => {
    vi.useFakeTimers()
  })
  afterEach(() => {
    vi.useRealTimers()
  })
}

/** Lets time pass on the fake clock, in milliseconds. */
export function pass(ms: number): void {
  act(() => {
    vi.advanceTimersByTime(ms)
  })
}

/** Runs code that throws while it renders, without React's report of it in the test's output. */
export function quietly(run: () => void): void {
  const error = vi.spyOn(console, 'error').mockImplementation(() => {})
  const prevent = (event: Event) => event.preventDefault()
  window.addEventListener('error', prevent)
  try {
    run()
  } finally {
    window.removeEventListener('error', prevent)
    error.mockRestore()
  }
}

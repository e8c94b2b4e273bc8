import { render, type RenderResult } from '@testing-library/react'
import { type ReactElement, type ReactNode, StrictMode } from 'react'
import { expect, vi } from 'vitest'
import {
  createOnlineMessageClient,
  type OnlineMessageClient,
  type OnlineMessageError,
  OnlineMessageProvider,
  type TypingLocale,
} from '../../../src/index.ts'
import { createFakeTransport, type FakeTransport } from './fake-transport.ts'

export interface Harness {
  readonly transport: FakeTransport
  readonly client: OnlineMessageClient
  /** What the client's `onError` was told. */
  readonly errors: OnlineMessageError[]
  readonly wrapper: (props: { children: ReactNode }) => ReactElement
  show(ui: ReactElement): RenderResult
  /** Nothing listens, watches or ticks: what every test may ask for after an unmount. */
  expectNothingLeft(): void
}

export function createHarness({ locale, strict }: { locale?: TypingLocale; strict?: boolean } = {}): Harness {
  const transport = createFakeTransport()
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
      expect({ listening: transport.listening(), watching: transport.watching(), timers: vi.getTimerCount() }).toEqual({
        listening: [],
        watching: 0,
        timers: 0,
      })
    },
  }
}

/** Runs what is meant to throw while it renders, without its report in the test's output. */
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

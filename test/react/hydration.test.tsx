import { act, screen } from '@testing-library/react'
import { StrictMode } from 'react'
import { hydrateRoot } from 'react-dom/client'
import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import {
  OnlineMessageProvider,
  TypingBadge,
  useConnection,
  useOnlineMessage,
  useTypingIndicator,
} from '../../src/index.ts'
import { createHarness } from '../support/react/harness.tsx'

function Page() {
  const conversation = { user: 'ann' }
  const { inputProps, total } = useTypingIndicator(conversation)
  const connection = useConnection()
  useOnlineMessage({ conversation, command: 'cursor', onMessage: () => {} })
  return (
    <main data-connection={connection} data-total={total}>
      <TypingBadge conversation={conversation} />
      <TypingBadge typists={[{ id: 'bob', name: 'Bob', activity: 'typing', since: 1 }]} announce={false} />
      <textarea {...inputProps} />
    </main>
  )
}

test.each([false, true])(
  'a page rendered on a server is hydrated without a warning (StrictMode: %s)',
  async (strict) => {
    const harness = createHarness()
    const page = (
      <OnlineMessageProvider client={harness.client}>
        <Page />
      </OnlineMessageProvider>
    )
    const app = strict ? <StrictMode>{page}</StrictMode> : page
    const error = vi.spyOn(console, 'error')
    const recovered = vi.fn()
    const container = document.body.appendChild(document.createElement('div'))
    container.innerHTML = renderToString(app)
    expect(harness.transport.subscribedConversations()).toEqual([])
    const badge = container.querySelector('[data-typing-badge]')

    const root = await act(async () => hydrateRoot(container, app, { onRecoverableError: recovered }))
    expect(container.querySelector('[data-typing-badge]')).toBe(badge)
    act(() => harness.transport.lease({ user: 'ann' }, { id: 'ann' }, {}))
    expect(screen.getByText('The other party is typing…')).toBeInTheDocument()
    expect(recovered).not.toHaveBeenCalled()
    expect(error).not.toHaveBeenCalled()

    act(() => root.unmount())
    expect(harness.transport.subscribedConversations()).toEqual([])
    expect(harness.transport.connectionSubscribers()).toBe(0)
    container.remove()
    error.mockRestore()
  },
)

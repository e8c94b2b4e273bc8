import { renderToString } from 'react-dom/server'
import { expect, test, vi } from 'vitest'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  useConnection,
  useOnlineMessage,
  useOnlineMessageClient,
  useTypingIndicator,
  useTypingInput,
  useTypists,
} from '../../src/index.ts'
import { zhCN } from '../../src/locales/zh-cn.ts'
import { createObservedTransport } from '../support/react/observed-transport.ts'

function Page() {
  const conversation = { user: 'ann' }
  useOnlineMessageClient()
  useTypingIndicator(conversation)
  useOnlineMessage({ conversation, command: 'cursor', throttle: 50, onMessage: () => {} })
  const { inputProps } = useTypingInput({ group: 'team' })
  return (
    <main title={useConnection()}>
      <TypingBadge conversation={conversation} />
      <TypingBadge typists={[{ id: 'bob', name: 'Bob', activity: 'typing', since: 1 }]} total={3} announce={false} />
      <p>{useTypists(null).total}</p>
      <textarea {...inputProps} />
    </main>
  )
}

test('there is no DOM here', () => {
  expect(typeof document).toBe('undefined')
  expect(typeof window).toBe('undefined')
})

test.each([true, false])('the markup has no inline style, whatever the badge shows (announce: %s)', (announce) => {
  const typists = [
    { id: 'ann', name: 'Ann', avatar: '/ann.png', activity: 'typing', since: 1 },
    { id: 'bob', activity: 'recording', since: 1 },
  ] as const
  const html = renderToString(
    (['text', 'dots', 'bubble', 'avatars'] as const).map((variant) => (
      <div key={variant}>
        <TypingBadge variant={variant} announce={announce} typists={typists} total={9} />
        <TypingBadge variant={variant} announce={announce} typists={[]} />
        <TypingBadge variant={variant} announce={announce} typists={typists} format={() => 'Busy'} />
        <TypingBadge variant={variant} announce={announce} typists={typists}>
          <b>busy</b>
        </TypingBadge>
      </div>
    )),
  )
  expect(html).toContain('are typing')
  expect(html).not.toMatch(/style\s*=/i)
})

test('a page with provider, hooks and badge renders in plain Node, and leaves no subscription, message or timer', () => {
  vi.useFakeTimers()
  const error = vi.spyOn(console, 'error')
  const transport = createObservedTransport()
  const html = renderToString(
    <OnlineMessageProvider client={createOnlineMessageClient({ transport })} locale={zhCN}>
      <Page />
    </OnlineMessageProvider>,
  )
  expect(html).toContain('<main title="online">')
  expect(html).toContain('data-state="idle"')
  expect(html).toContain('role="status"')
  expect(html).toContain('正在输入…')
  expect(transport.subscribedConversations()).toEqual([])
  expect(transport.connectionSubscribers()).toBe(0)
  expect(transport.sent).toEqual([])
  expect(vi.getTimerCount()).toBe(0)
  expect(error).not.toHaveBeenCalled()
  error.mockRestore()
  vi.useRealTimers()
})

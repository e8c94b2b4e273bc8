import { render, screen } from '@testing-library/react'
import { expect, test } from 'vitest'
import {
  createOnlineMessageClient,
  type OnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  type TypingLocale,
  type Typist,
  useOnlineMessage,
} from '../../src/index.ts'
import { zhCN } from '../../src/locales/zh-cn.ts'
import { createObservedTransport } from '../support/react/observed-transport.ts'

const ada: Typist = { id: 'ada', name: 'Ada', activity: 'typing', since: 1 }

test('another locale reaches the badges below it', () => {
  const client = createOnlineMessageClient({ transport: createObservedTransport() })
  const inLocale = (locale?: TypingLocale) => (
    <OnlineMessageProvider client={client} locale={locale}>
      <TypingBadge data-testid="badge" typists={[ada]} />
    </OnlineMessageProvider>
  )
  const { rerender } = render(inLocale())
  expect(screen.getByTestId('badge')).toHaveAttribute('lang', 'en')
  rerender(inLocale(zhCN))
  expect(screen.getByTestId('badge')).toHaveAttribute('lang', 'zh-CN')
})

function Composer() {
  useOnlineMessage({ conversation: { user: 'bob' }, command: 'wave' })
  return null
}

test('another client is the one to which the hooks below it are subscribed, and the client before is left', () => {
  const transports = [createObservedTransport(), createObservedTransport()] as const
  const [first, second] = transports.map((transport) => createOnlineMessageClient({ transport }))
  const subscribers = () => transports.map((transport) => transport.connectionSubscribers())
  const withClient = (client: OnlineMessageClient) => (
    <OnlineMessageProvider client={client}>
      <Composer />
    </OnlineMessageProvider>
  )
  const { rerender, unmount } = render(withClient(first!))
  expect(subscribers()).toEqual([1, 0])
  rerender(withClient(second!))
  expect(subscribers()).toEqual([0, 1])
  unmount()
  expect(subscribers()).toEqual([0, 0])
})

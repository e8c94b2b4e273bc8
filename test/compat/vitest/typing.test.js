// @vitest-environment jsdom
import { act, render, screen } from '@testing-library/react'
import { createElement } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider, TypingBadge } from 'react-online-message'
import { createMemoryNetwork } from 'react-online-message/memory'
import 'react-online-message/styles.css'
import { expect, test } from 'vitest'

test('a typist is shown', async () => {
  const network = createMemoryNetwork()
  const clientOf = (id) => createOnlineMessageClient({ transport: network.join({ id }) })
  const badge = createElement(TypingBadge, { conversation: { user: 'ann' }, announce: false })
  render(createElement(OnlineMessageProvider, { client: clientOf('bob') }, badge))
  const typing = clientOf('ann').typing({ user: 'bob' })
  await act(async () => typing.keystroke('hello'))
  expect(await screen.findByText('The other party is typing…')).toBeTruthy()
  await act(async () => typing.stop())
})

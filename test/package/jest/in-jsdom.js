/** Run by each Jest without configuration, so that all of this is CommonJS. */
const { act, render, screen } = require('@testing-library/react')
const { createElement } = require('react')
const { createOnlineMessageClient, OnlineMessageProvider, TypingBadge } = require('react-online-message')
const { createMemoryNetwork } = require('react-online-message/memory')

test('a typist is shown in jsdom, which has no TextEncoder', async () => {
  expect(typeof document).toBe('object')
  expect(typeof TextEncoder).toBe('undefined')

  const network = createMemoryNetwork()
  const clientOf = (id) => createOnlineMessageClient({ transport: network.join({ id }) })
  const badge = createElement(TypingBadge, { conversation: { user: 'ann' }, announce: false })
  render(createElement(OnlineMessageProvider, { client: clientOf('bob') }, badge))
  const typing = clientOf('ann').typing({ user: 'bob' })
  await act(async () => typing.keystroke('hello'))

  expect(await screen.findByText('The other party is typing…')).toBeTruthy()
  expect(document.querySelector('[data-typing-badge]').dataset.state).toBe('typing')
  await act(async () => typing.stop())
})

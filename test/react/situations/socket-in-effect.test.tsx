/** examples/situations/socket-in-effect.tsx, with a real server. docs/your-chat.md shows it. */
import { act, cleanup, fireEvent, render, screen, waitFor } from '@testing-library/react'
import { StrictMode, useContext, useEffect, useState } from 'react'
import type { Socket } from 'socket.io'
import { afterEach, expect, test } from 'vitest'
import { SignedIn, SocketContext } from '../../../examples/situations/socket-in-effect.tsx'
import { TypingBadge, useConnection, useOnlineMessage, useTypingInput } from '../../../src/index.ts'
import { closeAll, names, startServer, until } from '../../support/server/harness.ts'

afterEach(async () => {
  cleanup()
  await closeAll()
})

const team = { group: 'team' }
const typingField = () => screen.getByRole('textbox')

/** Shows what has arrived: the app's own events, online messages, and who types. */
function Inbox({ name }: { name: string }) {
  const socket = useContext(SocketContext)
  const [events, setEvents] = useState<readonly string[]>([])
  const connection = useConnection()
  const { inputProps } = useTypingInput(team)
  useOnlineMessage<string>({
    conversation: team,
    command: 'note',
    onMessage: ({ data }) => setEvents((before) => [...before, data]),
  })
  useEffect(() => {
    const welcome = (text: string) => setEvents((before) => [...before, text])
    socket?.on('welcome', welcome)
    return () => {
      socket?.off('welcome', welcome)
    }
  }, [socket])
  return (
    <section aria-label={name}>
      <output>{events.join(', ')}</output>
      <p>{connection}</p>
      <textarea {...inputProps} />
      <TypingBadge conversation={team} announce={false} />
    </section>
  )
}

/** Counts the connections there ever were, and greets each before its client can ask for anything. */
async function start() {
  const server = await startServer({
    plugin: { identify: (socket) => (socket.handshake.auth as { token?: string; user?: string }).token ?? 'cy' },
  })
  const connected: Socket[] = []
  server.io.on('connection', (socket) => {
    connected.push(socket)
    socket.emit('welcome', 'Welcome')
  })
  const cy = await server.connect('cy')
  const seenByCy = await cy.watch(team)
  connected.length = 0
  return { server, cy, seenByCy, connected }
}

const screenOf = (url: string, token: string) => (
  <StrictMode>
    <SignedIn url={url} token={token}>
      <Inbox name={token} />
    </SignedIn>
  </StrictMode>
)

test('in StrictMode there is one connection, which misses nothing and gets nothing twice', async () => {
  const { server, cy, seenByCy, connected } = await start()
  render(screenOf(server.url, 'ann'))
  await screen.findByText('online')
  await until(() => server.online.stats().subscriptions === 2)
  await act(() => cy.client.send(team, 'note', 'Hello'))
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('Welcome, Hello'))
  expect(screen.getByRole('status').textContent).toBe('Welcome, Hello')
  expect(connected).toHaveLength(1)

  fireEvent.input(typingField(), { target: { value: 'h' } })
  await until(() => names(seenByCy.at(-1))?.[0] === 'ann')
})

test('S9: signing out closes the connection, ends the typing at once and leaves nothing on the server', async () => {
  const { server, seenByCy, connected } = await start()
  const { unmount } = render(screenOf(server.url, 'ann'))
  await screen.findByText('online')
  fireEvent.input(typingField(), { target: { value: 'h' } })
  await until(() => seenByCy.at(-1)?.total === 1)

  unmount()
  await until(() => seenByCy.at(-1)?.total === 0)
  await until(() => connected.every((socket) => !socket.connected))
  expect(server.online.stats()).toMatchObject({ connections: 1, subscriptions: 1, leases: 0 })
})

test('another person gets another connection, and nothing of the one before', async () => {
  const { server, cy, seenByCy, connected } = await start()
  const { rerender } = render(screenOf(server.url, 'ann'))
  await screen.findByText('online')
  await until(() => server.online.stats().subscriptions === 2)
  await act(() => cy.client.send(team, 'note', 'for Ann'))
  await waitFor(() => expect(screen.getByRole('status')).toHaveTextContent('for Ann'))
  fireEvent.input(typingField(), { target: { value: 'h' } })
  await until(() => names(seenByCy.at(-1))?.[0] === 'ann')

  rerender(screenOf(server.url, 'bob'))
  expect(screen.getByRole('region', { name: 'bob' })).not.toHaveTextContent(/online|for Ann/)
  await screen.findByText('online')
  await waitFor(() => expect(screen.getByRole('status').textContent).toBe('Welcome'))
  await until(() => seenByCy.at(-1)?.total === 0)
  expect(connected.filter((socket) => socket.connected)).toHaveLength(1)

  fireEvent.input(typingField(), { target: { value: 'h' } })
  await until(() => names(seenByCy.at(-1))?.[0] === 'bob')
})

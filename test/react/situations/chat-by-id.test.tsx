/** examples/situations/chat-by-id.tsx on its own server. docs/your-chat.md shows both. */
import { cleanup, fireEvent, render, waitFor, within } from '@testing-library/react'
import { io as connectSocket } from 'socket.io-client'
import { afterEach, expect, test } from 'vitest'
import { Chat } from '../../../examples/situations/chat-by-id.tsx'
import { serveChats } from '../../../examples/situations/chat-by-id-server.ts'
import { createOnlineMessageClient, OnlineMessageProvider } from '../../../src/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { atEnd, closeAll, startServer, until } from '../../support/server/harness.ts'

afterEach(async () => {
  cleanup()
  await closeAll()
})

/** The name is isolated from the text around it, by characters that cannot be seen. */
const ANN_TYPES = /Ann.? is typing…/

async function start() {
  const server = await startServer({ attach: false })
  const online = serveChats({
    io: server.io,
    findUser: (token) => (typeof token === 'string' ? { id: token, name: token === 'ann' ? 'Ann' : 'Bob' } : null),
    isMember: (chatId) => chatId.startsWith('chat-'),
  })
  server.io.on('connection', (socket) => {
    const { token } = socket.handshake.auth as { token: string }
    socket.on('message', (chatId: string, text: string) => {
      socket.broadcast.emit('message', { chatId, authorId: token, text })
    })
  })

  /** Shows one person's screen. */
  const show = async (token: string, props: { chatId: string; otherUserId?: string }) => {
    const socket = connectSocket(server.url, { auth: { token }, transports: ['websocket'], forceNew: true })
    atEnd(() => socket.disconnect())
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    const container = document.body.appendChild(document.createElement('div'))
    const ui = (chatId: string) => (
      <OnlineMessageProvider client={client}>
        <Chat {...props} socket={socket} chatId={chatId} />
      </OnlineMessageProvider>
    )
    const { rerender } = render(ui(props.chatId), { container })
    await until(() => client.connection.getState() === 'online')
    const at = within(container)
    return {
      section: () => at.getByRole('region'),
      type: () => fireEvent.input(at.getByRole('textbox'), { target: { value: 'Hello' } }),
      send: () => fireEvent.click(at.getByRole('button', { name: 'Send' })),
      open: (chatId: string) => rerender(ui(chatId)),
    }
  }
  return { online, show }
}

test('R6: the typist is named, and gone with the message', async () => {
  const { online, show } = await start()
  const ann = await show('ann', { chatId: 'chat-1' })
  const bob = await show('bob', { chatId: 'chat-1' })
  await until(() => online.stats().subscriptions === 2)

  ann.type()
  await waitFor(() => expect(bob.section()).toHaveTextContent(ANN_TYPES))
  ann.send()
  await waitFor(() => expect(bob.section()).toHaveTextContent('Hello'))
  await waitFor(() => expect(bob.section()).not.toHaveTextContent('is typing…'))
})

test('R7: a typist of one chat is not shown in another one', async () => {
  const { online, show } = await start()
  const ann = await show('ann', { chatId: 'chat-1' })
  const bob = await show('bob', { chatId: 'chat-1' })
  await until(() => online.stats().subscriptions === 2)
  ann.type()
  await waitFor(() => expect(bob.section()).toHaveTextContent(ANN_TYPES))

  bob.open('chat-2')
  expect(bob.section()).not.toHaveTextContent('is typing…')
  bob.open('chat-1')
  await waitFor(() => expect(bob.section()).toHaveTextContent(ANN_TYPES))
})

test('a chat of two people may leave the name out', async () => {
  const { online, show } = await start()
  const ann = await show('ann', { chatId: 'chat-1', otherUserId: 'bob' })
  const bob = await show('bob', { chatId: 'chat-1', otherUserId: 'ann' })
  await until(() => online.stats().subscriptions === 2)
  ann.type()
  await waitFor(() => expect(bob.section()).toHaveTextContent('The other party is typing…'))
  expect(bob.section()).not.toHaveTextContent('Ann')
})

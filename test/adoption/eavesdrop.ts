import { io, type Socket } from 'socket.io-client'
import { createOnlineMessageClient } from '../../src/core/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import type { Scene } from './scene.ts'

interface User {
  readonly token: string
}

interface Chat {
  readonly _id: string
  readonly chatName: string
}

/** Somebody who tries to learn who types in a chat that they are not in. */
export interface Eavesdropper {
  /** 'typing' when they learn it, or the code with which the server refuses it. */
  readonly outcome: Promise<string>
  leave(): void
}

/** Cy logs in to the MERN chat as everybody does, and listens to the chat of Ann and Bob. */
export async function eavesdrop({ url, version }: Scene): Promise<Eavesdropper> {
  const cy = await logIn(url, 'Cy')
  const chatId = await findChat(url, 'Ann and Bob')
  const socket = io(url, { forceNew: true })
  const signIn = () =>
    new Promise<void>((resolve) => {
      socket.once('connected', resolve)
      socket.emit('setup', cy)
    })
  await signIn()
  const outcome = version === 'before' ? listenBefore(socket, chatId) : listenAfter(socket, chatId)
  // The server answers in order: it has seen what was sent before this.
  await signIn()
  return { outcome, leave: () => socket.disconnect() }
}

function listenBefore(socket: Socket, chatId: string): Promise<string> {
  socket.emit('join chat', chatId)
  return new Promise((resolve) => {
    socket.on('typing', () => resolve('typing'))
  })
}

function listenAfter(socket: Socket, chatId: string): Promise<string> {
  return new Promise((resolve) => {
    const client = createOnlineMessageClient({
      transport: createSocketTransport(socket),
      onError: ({ code }) => resolve(code),
    })
    client.typists({ group: chatId }).subscribe(() => resolve('typing'))
  })
}

async function logIn(url: string, name: string): Promise<User> {
  const response = await fetch(`${url}api/login`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ name }),
  })
  return (await response.json()) as User
}

/** Ids are no secret: everybody who was ever in a chat knows its id. */
async function findChat(url: string, chatName: string): Promise<string> {
  const { token } = await logIn(url, 'Ann')
  const response = await fetch(`${url}api/chats`, { headers: { authorization: `Bearer ${token}` } })
  const chats = (await response.json()) as Chat[]
  return chats.find((chat) => chat.chatName === chatName)?._id ?? ''
}

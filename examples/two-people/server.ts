import type { Server, Socket } from 'socket.io'
import { attachOnlineMessages } from '../../src/server/index.ts'
import type { ChatMessage, ClientEvents, ServerEvents, ServerFigures } from './chat-server.ts'
import { people, type Person } from './people.ts'

/** The store removes the oldest messages above this number. */
const MAX_MESSAGES = 500
const MAX_MESSAGE_LENGTH = 1000

/** How often the figures are compared with those reported last. */
const FIGURES_INTERVAL_MS = 250

/**
 * Trusts what the client says, because this is an example. A real app looks at a session or checks a token here.
 */
const identify = (socket: Socket): Person | null => people.find(({ id }) => id === socket.handshake.auth.user) ?? null

/**
 * The server of the chat: its own messages in its own store, and online messages beside them.
 *
 * @returns ends the chat and leaves the Socket.IO server as it was.
 */
export function serveChat(io: Server<ClientEvents, ServerEvents>): () => void {
  const messages: ChatMessage[] = []
  let lastId = 0

  const onlineMessages = attachOnlineMessages(io, {
    identify,
    // Ann and Bob may write to each other, and to nobody else.
    authorize: ({ user, conversation }) => people.some(({ id }) => id !== user.id && id === conversation.user),
  })

  io.on('connection', (socket) => {
    const person = identify(socket)
    if (!person) return
    socket.emit('history', messages)

    socket.on('message', (text: unknown, onStored: unknown) => {
      if (typeof text !== 'string' || !text.trim() || text.length > MAX_MESSAGE_LENGTH) return
      lastId += 1
      const message = { id: lastId, from: person.id, text }
      messages.push(message)
      if (messages.length > MAX_MESSAGES) messages.shift()
      io.emit('message', message)
      if (typeof onStored === 'function') (onStored as () => void)()
    })
  })

  const stopReporting = reportFigures(io, () => {
    const { messagesOut, typingUpdatesOut, leases } = onlineMessages.stats()
    return { storedMessages: messages.length, delivered: messagesOut + typingUpdatesOut, leases }
  })

  // Clients of an earlier version of this code reconnect by themselves, and are served by this one.
  closeConnections(io.sockets)
  return () => {
    stopReporting()
    io.removeAllListeners('connection')
    onlineMessages.close()
  }
}

function closeConnections({ sockets }: Pick<Server['sockets'], 'sockets'>): void {
  for (const { conn } of sockets.values()) conn.close()
}

/** Sends the figures to every page, for the line below the two screens, whenever they change. */
function reportFigures(io: Server, readFigures: () => ServerFigures): () => void {
  const namespace = io.of('/figures')
  let lastFigures = readFigures()
  namespace.on('connection', (socket) => socket.emit('figures', lastFigures))

  const timer = setInterval(() => {
    const figures = readFigures()
    if (areEqual(figures, lastFigures)) return
    lastFigures = figures
    namespace.emit('figures', figures)
  }, FIGURES_INTERVAL_MS)

  closeConnections(namespace)
  return () => {
    clearInterval(timer)
    namespace.removeAllListeners('connection')
  }
}

const areEqual = (a: ServerFigures, b: ServerFigures) =>
  a.storedMessages === b.storedMessages && a.delivered === b.delivered && a.leases === b.leases

import type { Server, Socket } from 'socket.io'
import { attachOnlineMessages } from '../../src/server/index.ts'
import type { ChatMessage, ClientEvents, Kept, ServerEvents } from './chat-server.ts'
import { people, type Person } from './people.ts'

/** Who says to be Ann is Ann: this is a demo. A real app looks at a session or checks a token here. */
const whoIs = (socket: Socket): Person | null => people.find(({ id }) => id === socket.handshake.auth.user) ?? null

/** How many messages the store holds; the oldest go first. */
const MAX_MESSAGES = 500

/**
 * The chat's server: an app's own messages with its own store, and online messages beside them. Returns what ends it
 * and leaves the Socket.IO server as it was.
 */
export function serveChat(io: Server<ClientEvents, ServerEvents>): () => void {
  const messages: ChatMessage[] = []
  let lastId = 0

  const onlineMessages = attachOnlineMessages(io, {
    identify: whoIs,
    // Ann and Bob may write to one another, and to nobody else.
    authorize: ({ user, conversation }) => people.some(({ id }) => id !== user.id && id === conversation.user),
  })

  io.on('connection', (socket) => {
    const me = whoIs(socket)
    if (!me) return
    socket.emit('history', messages)
    socket.on('message', (text: unknown, stored: unknown) => {
      if (typeof text !== 'string' || !text.trim() || text.length > 1000) return
      const message = { id: ++lastId, from: me.id, text }
      messages.push(message)
      messages.splice(0, messages.length - MAX_MESSAGES)
      io.emit('message', message)
      if (typeof stored === 'function') (stored as () => void)()
    })
  })

  const stopTelling = tellWhatIsKept(io, () => {
    const { messagesOut, typingUpdatesOut: digestsOut, leases } = onlineMessages.stats()
    return { messages: messages.length, passed: messagesOut + digestsOut, held: leases }
  })
  // Who was there before comes back by itself, and is served.
  closeConnections(io.sockets)
  return () => {
    stopTelling()
    io.removeAllListeners('connection')
    onlineMessages.close()
  }
}

function closeConnections({ sockets }: Pick<Server['sockets'], 'sockets'>): void {
  for (const { conn } of sockets.values()) conn.close()
}

/** For the line under the two screens: the figures, whenever they change. */
function tellWhatIsKept(io: Server, look: () => Kept): () => void {
  const watchers = io.of('/kept')
  let told = look()
  watchers.on('connection', (socket) => socket.emit('kept', told))
  const timer = setInterval(() => {
    const kept = look()
    if (kept.messages === told.messages && kept.passed === told.passed && kept.held === told.held) return
    told = kept
    watchers.emit('kept', kept)
  }, 250)
  closeConnections(watchers)
  return () => {
    clearInterval(timer)
    watchers.removeAllListeners('connection')
  }
}

import { io, type Socket } from 'socket.io-client'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import type { ChatServer, ClientEvents, Kept, ServerEvents } from './chat-server.ts'

/** The Socket.IO server that runs beside the page: see vite-plugin.ts and server.ts. */
export const liveServer: ChatServer = {
  createDevice(person) {
    // Two people on one page are two connections. In an app of your own it is just io().
    const socket: Socket<ServerEvents, ClientEvents> = io({
      auth: { user: person.id },
      autoConnect: false,
      forceNew: true,
    })
    return { socket, transport: createSocketTransport(socket) }
  },
  watchKept(listener) {
    const socket: Socket<{ kept(kept: Kept): void }> = io('/kept', { forceNew: true })
    socket.on('kept', listener)
    return () => socket.disconnect()
  },
}

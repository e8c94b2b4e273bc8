import { io, type Socket } from 'socket.io-client'
import { createOnlineMessageClient } from '../../src/core/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'
import type { ChatServer, ClientEvents, ServerEvents, ServerFigures } from './chat-server.ts'

/**
 * The Socket.IO server that runs beside the page: see vite-plugin.ts and server.ts. An app has one device a page, so it
 * exports `socket` and `client` themselves: see ../hooks/socket.ts.
 */
export const liveServer: ChatServer = {
  createDevice(person) {
    // `forceNew`: two people on one page are two connections.
    const socket: Socket<ServerEvents, ClientEvents> = io({
      auth: { user: person.id },
      autoConnect: false,
      forceNew: true,
    })
    const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
    return { socket, client }
  },

  watchFigures(listener) {
    const socket: Socket<{ figures(figures: ServerFigures): void }> = io('/figures', { forceNew: true })
    socket.on('figures', listener)
    return () => socket.disconnect()
  },
}

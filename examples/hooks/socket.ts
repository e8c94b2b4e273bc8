import { io, type Socket } from 'socket.io-client'
import { createOnlineMessageClient, type OnlineMessageClient } from '../../src/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'

/** The socket that your app already has. It has a file of its own, so that hot reload keeps the connection. */
export const socket: Socket = io('http://localhost:3000', { auth: { token: 'token-of-ann' } })

export const client: OnlineMessageClient = createOnlineMessageClient({ transport: createSocketTransport(socket) })

import { createOnlineMessageClient } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, ServerEvents } from '../../messages'

// A server that renders the page has no location, and never connects.
const origin = typeof location === 'undefined' ? 'http://localhost' : location.origin

export const socket: Socket<ServerEvents, ClientEvents> = io(origin, { autoConnect: false, transports: ['websocket'] })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

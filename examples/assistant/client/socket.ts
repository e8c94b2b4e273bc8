import { createOnlineMessageClient } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io, type Socket } from 'socket.io-client'
import type { ClientEvents, ServerEvents } from '../messages.ts'

export const socket: Socket<ServerEvents, ClientEvents> = io({ transports: ['websocket'] })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

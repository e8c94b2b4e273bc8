import { createOnlineMessageClient } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io, type Socket } from 'socket.io-client'
import type { ServerEvents } from '../shared.ts'

/** One connection for the chat's messages and for online ones. It connects when somebody has signed in: see app.tsx. */
export const socket: Socket<ServerEvents> = io({ autoConnect: false })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

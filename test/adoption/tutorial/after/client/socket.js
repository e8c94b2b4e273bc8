import { createOnlineMessageClient } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io } from 'socket.io-client'

export const socket = io()

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

/** The one room of this chat. */
export const everyone = { group: 'everyone' }

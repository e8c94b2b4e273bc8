import { createOnlineMessageClient } from 'react-online-message'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io } from 'socket.io-client'

// A server that renders the page has no location, and never connects.
const origin = typeof location === 'undefined' ? 'http://localhost' : location.origin
export const socket = io(origin, { autoConnect: false })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

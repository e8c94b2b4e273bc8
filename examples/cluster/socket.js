import { createOnlineMessageClient } from 'react-online-message/core'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io } from 'socket.io-client'

export const user = new URLSearchParams(globalThis.location.search).get('user') ?? 'Ann'

// WebSocket only, as on the server, so that no load balancer has to be sticky.
export const socket = io({ transports: ['websocket'], auth: { user } })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

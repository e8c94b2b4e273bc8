import { createOnlineMessageClient } from 'react-online-message/react-native'
import { createSocketTransport } from 'react-online-message/socket.io'
import { io } from 'socket.io-client'

// The server of `npm start`. For a phone, this is the address of your computer; for an Android emulator, 10.0.2.2.
export const socket = io('http://localhost:5173', { auth: { user: 'ann' }, transports: ['websocket'] })

export const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })

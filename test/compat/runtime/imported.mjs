import { createOnlineMessageClient } from 'react-online-message/core'
import { attachOnlineMessages } from 'react-online-message/server'
import { createSocketTransport } from 'react-online-message/socket.io'
import { Server } from 'socket.io'
import { io as connect } from 'socket.io-client'
import twoClientsType from './two-clients.cjs'

const createClient = (socket) => createOnlineMessageClient({ transport: createSocketTransport(socket) })
await twoClientsType({ Server, connect, attachOnlineMessages, createClient })

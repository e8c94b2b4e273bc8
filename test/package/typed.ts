// An app that types its own events: its sockets fit as they are, and `identify` is given what the app declared.
import { Server } from 'socket.io'
import { io, type Socket } from 'socket.io-client'
import { attachOnlineMessages } from 'react-online-message/server'
import { createSocketTransport } from 'react-online-message/socket.io'

interface ToClient {
  chat: (text: string) => void
}
interface ToServer {
  say: (text: string, answer: (id: number) => void) => void
}
interface BetweenServers {
  ping: () => void
}
interface SocketData {
  userId: string
}

const socket: Socket<ToClient, ToServer> = io()
createSocketTransport(socket)

const server = new Server<ToServer, ToClient, BetweenServers, SocketData>()
const options = { authorize: () => true }
attachOnlineMessages(server, { ...options, identify: (connection) => connection.data.userId })
attachOnlineMessages(server.of('/chat'), { ...options, identify: (connection) => connection.data.userId })
attachOnlineMessages(new Server(), { ...options, identify: ({ handshake }) => String(handshake.auth['user']) })

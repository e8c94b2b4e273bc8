/** The server of the two people: their ids are what they say, which no real server may believe. */
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'

/** @param {import('node:http').Server} http */
export function serveTwoPeople(http) {
  const io = new Server(http)
  attachOnlineMessages(io, { identify: (socket) => socket.handshake.auth.user ?? null, authorize: () => true })
  return io
}

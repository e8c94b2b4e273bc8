import type { Server } from 'socket.io'
import type { ClientEvents, Message, ServerEvents } from './messages'
import { findPerson } from './people'
import { personOfCookies } from './session'

const longestMessage = 1000

/** Carries and keeps the ordinary messages. They are kept in memory; an app has a database. */
export function serveMessages(io: Server<ClientEvents, ServerEvents>): void {
  const messages: Message[] = []

  io.on('connection', async (socket) => {
    const me = personOfCookies(socket.handshake.headers.cookie)
    if (!me) {
      socket.disconnect()
      return
    }

    socket.on('history', (peer, reply) => {
      const isBetweenUs = ({ from, to }: Message) => (from === me.id && to === peer) || (from === peer && to === me.id)
      reply(messages.filter(isBetweenUs))
    })
    socket.on('message', (to, text) => {
      if (!findPerson(to) || typeof text !== 'string' || text.length > longestMessage) return
      const message = { id: messages.length, from: me.id, to, text }
      messages.push(message)
      io.to(to).to(me.id).emit('message', message)
    })
    await socket.join(me.id)
  })
}

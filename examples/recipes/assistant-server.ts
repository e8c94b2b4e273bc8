import type { Server, Socket } from 'socket.io'
import { attachOnlineMessages } from '../../src/server/index.ts'
import { createAssistant } from './assistant.ts'

interface App {
  io: Server
  identify: (socket: Socket) => string
  ask: (question: string) => Promise<string>
}

export function startAssistant({ io, identify, ask }: App): void {
  const online = attachOnlineMessages(io, {
    identify,
    // Only with the assistant does anybody talk here; it is asked for, too.
    authorize: ({ user, conversation }) => user.id === 'assistant' || conversation.user === 'assistant',
  })
  const answer = createAssistant(online.createBot({ id: 'assistant', name: 'Assistant' }), ask)

  io.on('connection', (socket) => {
    // What is said goes the app's own way, and is kept. Only the thinking is online.
    socket.on('question', async (question: string, reply: (text: string) => void) => {
      reply(await answer({ user: identify(socket) }, question))
    })
  })
}

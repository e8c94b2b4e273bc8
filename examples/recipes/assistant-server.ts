import type { Server, Socket } from 'socket.io'
import { attachOnlineMessages } from '../../src/server/index.ts'
import { createAssistant } from './assistant.ts'

interface App {
  io: Server
  /** The id of the user whose connection this is. */
  identify: (socket: Socket) => string
  /** Asks the language model. */
  ask: (question: string) => Promise<string>
}

export function startAssistant({ io, identify, ask }: App): void {
  const online = attachOnlineMessages(io, {
    identify,
    // Everybody talks with the assistant only. The assistant needs permission, too.
    authorize: ({ user, conversation }) => user.id === 'assistant' || conversation.user === 'assistant',
  })
  const bot = online.createBot({ id: 'assistant', name: 'Assistant' })
  const answer = createAssistant(bot, ask)

  io.on('connection', (socket) => {
    // Questions and answers are ordinary messages, which your app may store. Only "is thinking" is an online message.
    socket.on('question', async (question: string, reply: (text: string) => void) => {
      const asker = identify(socket)
      reply(await answer({ user: asker }, question))
    })
  })
}

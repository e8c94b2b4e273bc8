import type { Server } from 'socket.io'
import type { ClientEvents, Message, ServerEvents } from '../messages.ts'
import type { Answer } from './assistant.ts'

/** What a visitor and the assistant have said. */
export interface Conversation {
  readonly messages: readonly Message[]
  /** Answers a question. It interrupts the answer to the question before. */
  ask(question: string): void
}

/** Keeps the conversation of one visitor, who may have several pages open. It is kept in memory; an app has a database. */
export function createConversation(
  io: Server<ClientEvents, ServerEvents>,
  visitor: string,
  answer: Answer,
): Conversation {
  const messages: Message[] = []
  let interruption = new AbortController()
  let lastAnswer = Promise.resolve()

  function keep(message: Message) {
    messages.push(message)
    io.to(visitor).emit('message', message)
  }

  async function answerNext(before: Promise<void>, question: string, signal: AbortSignal) {
    // What had been said of the answer before comes first.
    await before
    keep({ from: 'you', text: question })
    try {
      const message = await answer(visitor, question, signal)
      if (message) keep(message)
    } catch (error) {
      console.error(error)
      keep({ from: 'assistant', text: 'I could not answer. Please ask again.' })
    }
  }

  return {
    messages,
    ask(question) {
      interruption.abort()
      interruption = new AbortController()
      lastAnswer = answerNext(lastAnswer, question, interruption.signal)
    },
  }
}

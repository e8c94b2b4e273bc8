import { createOnlineMessageClient } from 'react-online-message/core'
import type { OnlineMessageServer } from 'react-online-message/server'
import type { Message } from '../messages.ts'
import { say } from './model.ts'

export type Answer = (visitor: string, question: string, signal: AbortSignal) => Promise<Message | undefined>

/** Makes the assistant: a user like any other, with a client of its own. */
export function createAssistant(online: OnlineMessageServer): Answer {
  const transport = online.createBot({ id: 'assistant', name: 'Assistant' })
  const client = createOnlineMessageClient({ transport })

  /**
   * Answers one question: shows the assistant thinking, then typing, and sends the words as they come.
   *
   * @returns the answer, to be kept. Of an interrupted one, what had been said, or nothing.
   */
  return async (visitor, question, signal) => {
    const conversation = { user: visitor }
    const typing = client.typing(conversation)
    const endThinking = typing.startActivity('thinking', { signal })
    let text = ''
    try {
      for await (const word of say(question, signal)) {
        if (text === '') {
          typing.startActivity('typing', { signal })
          endThinking()
        }
        // Nobody waits for the words, and nothing repeats them: the answer that is kept has them all.
        void client.send(conversation, 'words', { after: text.length, text: word }, { signal })
        text += word
      }
    } catch (error) {
      if (!signal.aborted) throw error
    } finally {
      typing.stop()
    }
    if (text === '') return undefined
    return { from: 'assistant', text, isInterrupted: signal.aborted }
  }
}

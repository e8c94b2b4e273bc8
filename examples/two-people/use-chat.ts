import { useEffect, useState } from 'react'
import { useOnlineMessageClient } from '../../src/index.ts'
import type { ChatMessage, ChatSocket } from './chat-server.ts'
import type { Person } from './people.ts'

interface Chat {
  readonly messages: readonly ChatMessage[]
  /** Texts that the server has not stored yet. */
  readonly unsentTexts: readonly string[]
  send(text: string): void
}

/** The app's own part of a chat: ordinary Socket.IO events for messages that the server stores. */
export function useChat(socket: ChatSocket, me: Person): Chat {
  const client = useOnlineMessageClient()
  const [messages, setMessages] = useState<readonly ChatMessage[]>([])
  const [unsentTexts, setUnsentTexts] = useState<readonly string[]>([])

  useEffect(() => {
    const receiveMessage = (message: ChatMessage) => {
      // When a message arrives, its author is no longer shown as typing.
      if (message.from !== me.id) client.clearTypist({ user: message.from }, message.from)
      setMessages((before) => [...before, message])
    }
    socket.on('history', setMessages)
    socket.on('message', receiveMessage)
    return () => {
      socket.off('history', setMessages)
      socket.off('message', receiveMessage)
    }
  }, [client, socket, me])

  const send = (text: string) => {
    setUnsentTexts((before) => [...before, text])
    // While offline, Socket.IO keeps the message and sends it later. That is right for a message, and wrong for typing.
    const removeFirstUnsent = () => setUnsentTexts((before) => before.slice(1))
    socket.emit('message', text, removeFirstUnsent)
  }

  return { messages, unsentTexts, send }
}

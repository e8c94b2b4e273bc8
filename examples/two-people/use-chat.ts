import { useEffect, useState } from 'react'
import { useOnlineMessageClient } from '../../src/index.ts'
import type { ChatMessage, ChatSocket } from './chat-server.ts'
import type { Person } from './people.ts'

/** The app's own part of a chat: stored messages over ordinary Socket.IO events. */
export function useChat(socket: ChatSocket, me: Person): Chat {
  const client = useOnlineMessageClient()
  const [messages, setMessages] = useState<readonly ChatMessage[]>([])
  const [unsent, setUnsent] = useState<readonly string[]>([])

  useEffect(() => {
    const hear = (message: ChatMessage) => {
      // Whose message has arrived is no longer typing.
      if (message.from !== me.id) client.clearTypist({ user: message.from }, message.from)
      setMessages((known) => [...known, message])
    }
    socket.on('history', setMessages)
    socket.on('message', hear)
    return () => {
      socket.off('history', setMessages)
      socket.off('message', hear)
    }
  }, [client, socket, me])

  const send = (text: string) => {
    setUnsent((texts) => [...texts, text])
    // Offline, Socket.IO keeps it and sends it later. That is right for a message, and wrong for "is typing".
    socket.emit('message', text, () => setUnsent(([, ...rest]) => rest))
  }
  return { messages, unsent, send }
}

interface Chat {
  readonly messages: readonly ChatMessage[]
  /** Written, and not yet with the server. */
  readonly unsent: readonly string[]
  send(text: string): void
}

import { useEffect, useState } from 'react'
import type { Message } from '../../../messages'
import { client, socket } from '../socket'

/** The ordinary messages with this person. */
export function useMessages(peer: string): readonly Message[] {
  const [messages, setMessages] = useState<readonly Message[]>([])
  useEffect(() => {
    // Once connected, and again after each reconnect: what came in between was missed.
    const readHistory = () => socket.emit('history', peer, setMessages)
    const add = (message: Message) => {
      if (message.from !== peer && message.to !== peer) return
      // Removes the typing that led to this message, and never the typing that began after it.
      client.clearTypist({ user: peer }, message.from)
      setMessages((before) => [...before, message])
    }
    if (socket.connected) readHistory()
    socket.on('connect', readHistory)
    socket.on('message', add)
    return () => {
      socket.off('connect', readHistory)
      socket.off('message', add)
    }
  }, [peer])
  return messages
}

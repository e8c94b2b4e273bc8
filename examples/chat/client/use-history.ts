import { useEffect, useState } from 'react'
import { useOnlineMessageClient } from 'react-online-message'
import type { Message, Room } from '../shared.ts'
import { fetchHistory } from './api.ts'
import { socket } from './socket.ts'

/** Each message once, the oldest first. */
function merge(known: readonly Message[], more: readonly Message[]): readonly Message[] {
  const byId = new Map([...known, ...more].map((message) => [message.id, message]))
  return [...byId.values()].sort((one, other) => one.id - other.id)
}

/** The rooms and their stored messages: from the database at each connection, and then one by one as they arrive. */
export function useHistory() {
  const client = useOnlineMessageClient()
  const [rooms, setRooms] = useState<readonly Room[]>([])
  const [messages, setMessages] = useState<readonly Message[]>([])
  const add = (more: readonly Message[]) => setMessages((known) => merge(known, more))

  useEffect(() => {
    const load = async () => {
      const history = await fetchHistory()
      setRooms(history.rooms)
      add(history.messages)
    }
    const receive = (message: Message) => {
      // The author has finished. So the badge is gone when the message appears.
      client.clearTypist({ group: message.roomId }, message.author.id)
      add([message])
    }
    socket.on('connect', load)
    socket.on('message', receive)
    return () => {
      socket.off('connect', load)
      socket.off('message', receive)
    }
  }, [client])

  return { rooms, messages, add }
}

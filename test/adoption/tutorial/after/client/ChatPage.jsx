import { useEffect, useState } from 'react'
import { TypingBadge } from 'react-online-message'
import { ChatFooter } from './ChatFooter.jsx'
import { Messages } from './Messages.jsx'
import { client, everyone, socket } from './socket.js'
import { Users } from './Users.jsx'

export function ChatPage({ name }) {
  const [messages, setMessages] = useState([])

  useEffect(() => {
    const show = (message) => {
      client.clearTypist(everyone, message.userId)
      setMessages((before) => [...before, message])
    }
    socket.on('messageResponse', show)
    return () => socket.off('messageResponse', show)
  }, [])

  return (
    <div className="chat">
      <Users />
      <main>
        <Messages messages={messages} name={name} />
        <TypingBadge className="typing" conversation={everyone} />
        <ChatFooter name={name} />
      </main>
    </div>
  )
}

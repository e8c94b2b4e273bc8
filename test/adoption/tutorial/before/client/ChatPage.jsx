import { useEffect, useState } from 'react'
import { ChatFooter } from './ChatFooter.jsx'
import { Messages } from './Messages.jsx'
import { socket } from './socket.js'
import { Users } from './Users.jsx'

export function ChatPage({ name }) {
  const [messages, setMessages] = useState([])
  const [typingStatus, setTypingStatus] = useState('')

  useEffect(() => {
    const show = (message) => {
      setMessages((before) => [...before, message])
    }
    socket.on('messageResponse', show)
    return () => socket.off('messageResponse', show)
  }, [])

  useEffect(() => {
    socket.on('typingResponse', setTypingStatus)
    return () => socket.off('typingResponse', setTypingStatus)
  }, [])

  return (
    <div className="chat">
      <Users />
      <main>
        <Messages messages={messages} name={name} />
        <p className="typing">{typingStatus}</p>
        <ChatFooter name={name} />
      </main>
    </div>
  )
}

import { useEffect, useState } from 'react'
import { getMessages, postMessage } from './api.js'
import { Messages } from './Messages.jsx'

export function SingleChat({ user, chat, socket }) {
  const [messages, setMessages] = useState([])
  const [newMessage, setNewMessage] = useState('')
  const [typing, setTyping] = useState(false)
  const [isTyping, setIsTyping] = useState(false)

  useEffect(() => {
    getMessages(user, chat).then(setMessages)
    socket.emit('join chat', chat._id)
  }, [user, chat, socket])

  useEffect(() => {
    const receive = (message) => {
      if (message.chat._id !== chat._id) return
      setMessages((before) => [...before, message])
    }
    socket.on('message received', receive)
    return () => socket.off('message received', receive)
  }, [chat, socket])

  useEffect(() => {
    const show = () => setIsTyping(true)
    const hide = () => setIsTyping(false)
    socket.on('typing', show)
    socket.on('stop typing', hide)
    return () => {
      socket.off('typing', show)
      socket.off('stop typing', hide)
    }
  }, [socket])

  const handleTyping = (event) => {
    setNewMessage(event.target.value)

    if (!typing) {
      setTyping(true)
      socket.emit('typing', chat._id)
    }
    const lastTypingTime = Date.now()
    const timerLength = 3000
    setTimeout(() => {
      const sinceLastKey = Date.now() - lastTypingTime
      if (sinceLastKey >= timerLength && typing) {
        socket.emit('stop typing', chat._id)
        setTyping(false)
      }
    }, timerLength)
  }

  const sendMessage = async (event) => {
    event.preventDefault()
    if (newMessage === '') return
    socket.emit('stop typing', chat._id)
    setNewMessage('')
    const message = await postMessage(user, chat, newMessage)
    socket.emit('new message', message)
    setMessages((before) => [...before, message])
  }

  return (
    <main>
      <h2>{chat.chatName}</h2>
      <Messages messages={messages} user={user} />
      <p className="typing">{isTyping ? 'typing…' : ''}</p>
      <form className="composer" onSubmit={sendMessage}>
        <input aria-label="Message" placeholder="Write a message" value={newMessage} onChange={handleTyping} />
        <button>Send</button>
      </form>
    </main>
  )
}

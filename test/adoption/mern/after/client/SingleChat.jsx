import { useEffect, useState } from 'react'
import { TypingBadge, useOnlineMessageClient, useTypingInput } from 'react-online-message'
import { getMessages, postMessage } from './api.js'
import { Messages } from './Messages.jsx'

export function SingleChat({ user, chat, socket }) {
  const [messages, setMessages] = useState([])
  const [newMessage, setNewMessage] = useState('')
  const conversation = { group: chat._id }
  const { inputProps, stop } = useTypingInput(conversation)
  const client = useOnlineMessageClient()

  useEffect(() => {
    getMessages(user, chat).then(setMessages)
  }, [user, chat])

  useEffect(() => {
    const receive = (message) => {
      client.clearTypist({ group: message.chat._id }, message.sender._id)
      if (message.chat._id !== chat._id) return
      setMessages((before) => [...before, message])
    }
    socket.on('message received', receive)
    return () => socket.off('message received', receive)
  }, [chat, socket, client])

  const handleChange = (event) => setNewMessage(event.target.value)

  const sendMessage = async (event) => {
    event.preventDefault()
    if (newMessage === '') return
    stop()
    setNewMessage('')
    const message = await postMessage(user, chat, newMessage)
    socket.emit('new message', message)
    setMessages((before) => [...before, message])
  }

  return (
    <main>
      <h2>{chat.chatName}</h2>
      <Messages messages={messages} user={user} />
      <TypingBadge className="typing" conversation={conversation} />
      <form className="composer" onSubmit={sendMessage}>
        <input
          aria-label="Message"
          placeholder="Write a message"
          value={newMessage}
          onChange={handleChange}
          {...inputProps}
        />
        <button>Send</button>
      </form>
    </main>
  )
}

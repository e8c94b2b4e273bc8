import { useState } from 'react'
import { socket } from './socket.js'

export function ChatFooter({ name }) {
  const [text, setText] = useState('')

  const handleTyping = () => socket.emit('typing', `${name} is typing…`)

  const send = (event) => {
    event.preventDefault()
    if (text.trim() === '') return
    socket.emit('message', { id: crypto.randomUUID(), userId: socket.id, name, text })
    setText('')
  }

  return (
    <form className="footer" onSubmit={send}>
      <input
        aria-label="Message"
        placeholder="Write a message"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={handleTyping}
      />
      <button>Send</button>
    </form>
  )
}

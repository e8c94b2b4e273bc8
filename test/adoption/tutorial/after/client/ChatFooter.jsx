import { useState } from 'react'
import { useTypingInput } from 'react-online-message'
import { everyone, socket } from './socket.js'

export function ChatFooter({ name }) {
  const [text, setText] = useState('')

  const { inputProps, stop } = useTypingInput(everyone)

  const send = (event) => {
    event.preventDefault()
    if (text.trim() === '') return
    stop()
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
        {...inputProps}
      />
      <button>Send</button>
    </form>
  )
}

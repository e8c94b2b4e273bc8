import { useState } from 'react'
import { socket } from './socket.js'

export function Home({ onJoin }) {
  const [name, setName] = useState('')

  const join = (event) => {
    event.preventDefault()
    if (name.trim() === '') return
    socket.emit('newUser', { name })
    onJoin(name)
  }

  return (
    <form className="home" onSubmit={join}>
      <h1>Open chat</h1>
      <label>
        Your name <input value={name} onChange={(event) => setName(event.target.value)} maxLength={20} />
      </label>
      <button>Join</button>
    </form>
  )
}

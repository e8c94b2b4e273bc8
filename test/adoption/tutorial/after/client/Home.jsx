import { useState } from 'react'
import { socket } from './socket.js'

export function Home({ onJoin }) {
  const [name, setName] = useState('')

  const join = (event) => {
    event.preventDefault()
    if (name.trim() === '') return
    // Each connection begins without a user, also the one after a network drop.
    const signIn = () => socket.emit('newUser', { name })
    socket.on('connect', signIn)
    if (socket.connected) signIn()
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

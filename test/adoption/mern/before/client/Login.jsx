import { useState } from 'react'
import { logIn } from './api.js'

export function Login({ onLogin }) {
  const [name, setName] = useState('')
  const [problem, setProblem] = useState('')

  const submit = async (event) => {
    event.preventDefault()
    try {
      onLogin(await logIn(name))
    } catch {
      setProblem('Nobody has this name. Try Ann, Bob or Cy.')
    }
  }

  return (
    <form className="login" onSubmit={submit}>
      <h1>Chats</h1>
      <label>
        Your name <input value={name} onChange={(event) => setName(event.target.value)} />
      </label>
      <button>Log in</button>
      <p role="alert">{problem}</p>
    </form>
  )
}

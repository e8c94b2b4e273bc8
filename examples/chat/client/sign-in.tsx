import { type SubmitEvent, useState } from 'react'
import type { User } from '../shared.ts'
import { signIn } from './api.ts'

export function SignIn({ onSignIn }: { onSignIn: (user: User) => void }) {
  const [name, setName] = useState('')
  const [password, setPassword] = useState('')
  const [hasFailed, setHasFailed] = useState(false)

  const submit = async (event: SubmitEvent) => {
    event.preventDefault()
    try {
      onSignIn(await signIn(name, password))
    } catch {
      setHasFailed(true)
    }
  }

  return (
    <main className="sign-in">
      <form onSubmit={(event) => void submit(event)}>
        <h1>Chat</h1>
        <label>
          Name
          <input
            required
            autoFocus
            maxLength={32}
            autoComplete="username"
            value={name}
            onChange={(event) => setName(event.target.value)}
          />
        </label>
        <label>
          Password
          <input
            required
            minLength={8}
            type="password"
            autoComplete="current-password"
            value={password}
            onChange={(event) => setPassword(event.target.value)}
          />
        </label>
        <button>Sign in</button>
        <p>A name that is new here becomes an account.</p>
        <p role="alert">
          {hasFailed && 'Somebody has this name and another password, or the server cannot be reached.'}
        </p>
      </form>
    </main>
  )
}

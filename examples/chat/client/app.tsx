import { useEffect, useState } from 'react'
import { OnlineMessageProvider } from 'react-online-message'
import type { User } from '../shared.ts'
import { fetchUser } from './api.ts'
import { Chat } from './chat.tsx'
import { SignIn } from './sign-in.tsx'
import { client, socket } from './socket.ts'

export function App() {
  /** `undefined` until the server has answered, `null` when nobody has signed in. */
  const [user, setUser] = useState<User | null>()

  useEffect(() => {
    void fetchUser().then(setUser)
  }, [])

  useEffect(() => {
    if (!user) return
    const leaveWhenRefused = () => {
      // The server has closed the connection or does not accept it: the session has ended, here or in another tab.
      if (!socket.active) setUser(null)
    }
    socket.on('disconnect', leaveWhenRefused)
    socket.on('connect_error', leaveWhenRefused)
    socket.connect()
    return () => {
      socket.off('disconnect', leaveWhenRefused)
      socket.off('connect_error', leaveWhenRefused)
      socket.disconnect()
    }
  }, [user])

  if (user === undefined) return null
  if (user === null) return <SignIn onSignIn={setUser} />
  return (
    <OnlineMessageProvider client={client}>
      <Chat user={user} onSignOut={() => setUser(null)} />
    </OnlineMessageProvider>
  )
}

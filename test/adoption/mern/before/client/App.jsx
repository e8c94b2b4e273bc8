import { useState } from 'react'
import { ChatPage } from './ChatPage.jsx'
import { Login } from './Login.jsx'

export function App() {
  const [user, setUser] = useState(null)
  return user === null ? <Login onLogin={setUser} /> : <ChatPage user={user} />
}

import { useState } from 'react'
import { ChatPage } from './ChatPage.jsx'
import { Home } from './Home.jsx'

export function App() {
  const [name, setName] = useState('')
  return name === '' ? <Home onJoin={setName} /> : <ChatPage name={name} />
}

import { createRoot } from 'react-dom/client'
import { OnlineMessageProvider } from 'react-online-message'
import 'react-online-message/styles.css'
import { Chat } from './chat.tsx'
import { client } from './socket.ts'
import './style.css'

createRoot(document.getElementById('root')!).render(
  <OnlineMessageProvider client={client}>
    <Chat />
  </OnlineMessageProvider>,
)

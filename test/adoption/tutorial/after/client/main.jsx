import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import { OnlineMessageProvider } from 'react-online-message'
import 'react-online-message/styles.css'
import { App } from './App.jsx'
import { client } from './socket.js'
import './chat.css'

createRoot(document.querySelector('#root')).render(
  <StrictMode>
    <OnlineMessageProvider client={client}>
      <App />
    </OnlineMessageProvider>
  </StrictMode>,
)

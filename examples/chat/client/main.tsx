import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import 'react-online-message/styles.css'
import { App } from './app.tsx'
import './chat.css'

createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)

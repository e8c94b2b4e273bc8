import { createElement } from 'react'
import { createRoot } from 'react-dom/client'
import { Chat } from './chat.js'

const people = new URLSearchParams(location.search)
createRoot(document.querySelector('#root')).render(
  createElement(Chat, { me: people.get('me'), peer: people.get('peer') }),
)

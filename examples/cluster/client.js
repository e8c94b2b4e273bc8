import { formatTyping } from 'react-online-message/core'
import { client, socket, user } from './socket.js'

const { document } = globalThis
const conversation = { group: 'room' }
const typing = client.typing(conversation)

const heading = document.querySelector('#who')
const messageList = document.querySelector('#messages')
const typingLine = document.querySelector('#typing')
const form = document.querySelector('form')
const input = document.querySelector('input')

socket.on('node', (port) => {
  heading.textContent = `${user}, on node ${port}`
})

socket.on('message', ({ user: author, text, port }) => {
  // When a message arrives, its author is no longer shown as typing.
  client.clearTypist(conversation, author)
  const item = document.createElement('li')
  item.textContent = `${author} (node ${port}): ${text}`
  messageList.append(item)
})

client.typists(conversation).subscribe((state) => {
  typingLine.textContent = formatTyping({ ...state, conversation })
})

input.addEventListener('input', () => typing.keystroke(input.value))

form.addEventListener('submit', (event) => {
  event.preventDefault()
  // Stop before you send: then typing ends before the message arrives.
  typing.stop()
  socket.emit('message', input.value)
  input.value = ''
})

import { io } from 'socket.io-client'
import { createOnlineMessageClient, formatTyping } from 'react-online-message/core'
import { createSocketTransport } from 'react-online-message/socket.io'

const { document, location } = globalThis
const user = new URLSearchParams(location.search).get('user') ?? 'Ann'
const room = { group: 'room' }

// The same as on the server: websocket only, so that no load balancer has to be sticky.
const socket = io({ transports: ['websocket'], auth: { user } })
const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
const typing = client.typing(room)

const find = (selector) => document.querySelector(selector)
const input = find('input')

socket.on('node', (port) => (find('#who').textContent = `${user}, on node ${port}`))
socket.on('message', ({ user: from, text, port }) => {
  client.clearTypist(room, from)
  const line = document.createElement('li')
  line.textContent = `${from} (node ${port}): ${text}`
  find('#messages').append(line)
})
client
  .typists(room)
  .subscribe((state) => (find('#typing').textContent = formatTyping({ ...state, conversation: room })))

input.addEventListener('input', () => typing.keystroke(input.value))
find('form').addEventListener('submit', (event) => {
  event.preventDefault()
  typing.stop()
  socket.emit('message', input.value)
  input.value = ''
})

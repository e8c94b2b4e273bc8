/**
 * One node of the chat. Start as many as you like, on any machines that reach the same Redis:
 *
 *   PORT=3001 REDIS_URL=redis://127.0.0.1:6379 node node.mjs
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { createShardedAdapter } from '@socket.io/redis-adapter'
import { attachOnlineMessages } from 'react-online-message/server'
import { createClient } from 'redis'
import { Server } from 'socket.io'

const port = Number(process.env.PORT ?? 3000)
const file = (name) => readFileSync(new URL(`dist/${name}`, import.meta.url))
const page = file('index.html')
const script = file('client.js')

// One client to publish and one to listen. Without a listener for its errors a client ends the process when Redis is
// down; and it is to come back soon after Redis does.
const publish = createClient({
  url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  socket: { reconnectStrategy: () => 200 },
})
const listen = publish.duplicate()
for (const client of [publish, listen]) client.on('error', ({ message }) => console.error(`Redis: ${message}`))
await Promise.all([publish.connect(), listen.connect()])

const http = createServer(({ url }, response) => {
  if (url === '/client.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
})
const io = new Server(http, {
  // The adapter first, the plug-in after it.
  adapter: createShardedAdapter(publish, listen),
  // One connection is one request, so any load balancer will do. Long-polling would need a sticky one.
  transports: ['websocket'],
  // CORS does not gate websockets: say here which pages may connect.
  allowRequest: ({ headers }, answer) =>
    answer(null, !headers.origin || new URL(headers.origin).hostname === 'localhost'),
})

/** Who says to be Ann is Ann: this is an example. A real app looks at a session or checks a token here. */
const whoIs = (socket) => {
  const { user } = socket.handshake.auth
  return typeof user === 'string' && user ? user : null
}

const online = attachOnlineMessages(io, {
  identify(socket) {
    const user = whoIs(socket)
    return user && { id: user, name: user }
  },
  authorize: ({ conversation }) => conversation.group === 'room',
})

// The app's own messages go by the adapter, as ever.
io.on('connection', (socket) => {
  const user = whoIs(socket)
  if (!user) return
  socket.emit('node', port)
  socket.on('message', (text) => {
    if (typeof text === 'string' && text.trim() && text.length <= 1000) io.emit('message', { user, text, port })
  })
})

http.listen(port, '127.0.0.1', () => console.log(`node on http://localhost:${port}`))

// The other nodes are told, and nobody waits for this one.
const end = async () => {
  online.close()
  await io.close()
  await Promise.allSettled([publish.close(), listen.close()])
  process.exit()
}
process.once('SIGINT', end)
process.once('SIGTERM', end)

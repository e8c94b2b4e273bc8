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

const MAX_MESSAGE_LENGTH = 1000
const port = Number(process.env.PORT ?? 3000)

const readBuiltFile = (name) => readFileSync(new URL(`dist/${name}`, import.meta.url))
const page = readBuiltFile('index.html')
const script = readBuiltFile('client.js')

const publisher = createClient({
  url: process.env.REDIS_URL ?? 'redis://127.0.0.1:6379',
  // Reconnects soon after Redis is back.
  socket: { reconnectStrategy: () => 200 },
})
const subscriber = publisher.duplicate()
for (const client of [publisher, subscriber]) {
  // Without a listener for its errors, a client ends the process when Redis is down.
  client.on('error', (error) => console.error(`Redis: ${error.message}`))
}
await Promise.all([publisher.connect(), subscriber.connect()])

const http = createServer((request, response) => {
  if (request.url === '/client.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
})

const isAllowedOrigin = (origin) => !origin || new URL(origin).hostname === 'localhost'

const io = new Server(http, {
  // The adapter has to be there before the plug-in is attached.
  adapter: createShardedAdapter(publisher, subscriber),
  // With WebSocket one connection is one request, so any load balancer will do. Long-polling needs a sticky one.
  transports: ['websocket'],
  // CORS does not protect WebSockets: check here which pages may connect.
  allowRequest: (request, callback) => callback(null, isAllowedOrigin(request.headers.origin)),
})

/** Trusts what the client says, because this is an example. A real app looks at a session or checks a token here. */
function userOf(socket) {
  const { user } = socket.handshake.auth
  return typeof user === 'string' && user ? user : null
}

const onlineMessages = attachOnlineMessages(io, {
  identify(socket) {
    const user = userOf(socket)
    return user && { id: user, name: user }
  },
  authorize: ({ conversation }) => conversation.group === 'room',
})

// The app's own messages reach the other nodes through the adapter, as in any Socket.IO app.
io.on('connection', (socket) => {
  const user = userOf(socket)
  if (!user) return
  socket.emit('node', port)
  socket.on('message', (text) => {
    if (typeof text !== 'string' || !text.trim() || text.length > MAX_MESSAGE_LENGTH) return
    io.emit('message', { user, text, port })
  })
})

http.listen(port, '127.0.0.1', () => console.log(`node on http://localhost:${port}`))

async function stop() {
  // Tells the other nodes at once. Otherwise they find out within 6 s.
  onlineMessages.close()
  await io.close()
  await Promise.allSettled([publisher.close(), subscriber.close()])
  process.exit()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

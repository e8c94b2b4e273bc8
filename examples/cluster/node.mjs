/**
 * One node of the chat. Start as many as you like, on any machines that reach the same engine:
 *
 *   PORT=3001 REDIS_URL=redis://127.0.0.1:6379 node node.mjs
 *   PORT=3001 NATS_URL=127.0.0.1:4222 node node.mjs
 */
import { readFileSync } from 'node:fs'
import { createServer } from 'node:http'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { openNats, openRedis } from './engines.mjs'

const MAX_MESSAGE_LENGTH = 1000
const port = Number(process.env.PORT ?? 3000)

const readBuiltFile = (name) => readFileSync(new URL(`dist/${name}`, import.meta.url))
const page = readBuiltFile('index.html')
const script = readBuiltFile('client.js')

const { NATS_URL, REDIS_URL = 'redis://127.0.0.1:6379' } = process.env
const engine = NATS_URL ? await openNats(NATS_URL) : await openRedis(REDIS_URL)

const http = createServer((request, response) => {
  if (request.url === '/client.js') response.writeHead(200, { 'content-type': 'text/javascript' }).end(script)
  else response.writeHead(200, { 'content-type': 'text/html; charset=utf-8' }).end(page)
})

const isAllowedOrigin = (origin) => !origin || new URL(origin).hostname === 'localhost'

const io = new Server(http, {
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
  bus: engine.bus,
})

// The chat's own messages go to the people on this node, and to those on the others.
await engine.onBroadcast((message) => io.local.emit('message', message))
io.on('connection', (socket) => {
  const user = userOf(socket)
  if (!user) return
  socket.emit('node', port)
  socket.on('message', (text) => {
    if (typeof text !== 'string' || !text.trim() || text.length > MAX_MESSAGE_LENGTH) return
    engine.broadcast({ user, text, port })
  })
})

http.listen(port, '127.0.0.1', () => console.log(`node on http://localhost:${port}`))

async function stop() {
  // Ends the typing of this node on the others at once. Otherwise they find out within 8 s.
  onlineMessages.close()
  await io.close()
  await engine.close()
  process.exit()
}
process.once('SIGINT', stop)
process.once('SIGTERM', stop)

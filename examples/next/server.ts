import { randomUUID } from 'node:crypto'
import { createServer } from 'node:http'
import next from 'next'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { serveMessages } from './chat-server'
import { findPerson } from './people'
import { personOfCookies } from './session'

const port = Number(process.env.PORT ?? 3000)
// All sessions end with this process, unless there is a secret that outlives it.
process.env.SESSION_SECRET ??= randomUUID()

// Next asks this server itself for the page that a server action redirects to, so it needs the port.
const app = next({ dev: process.env.NODE_ENV !== 'production', port })
await app.prepare()
const handle = app.getRequestHandler()
const http = createServer((request, response) => void handle(request, response))

const io = new Server(http, {
  // A browser sends its cookies to this server from every page, so only this server's own pages may connect.
  allowRequest: (request, decide) => decide(null, request.headers.origin === `http://${request.headers.host}`),
})
attachOnlineMessages(io, {
  identify: (socket) => personOfCookies(socket.handshake.headers.cookie) ?? null,
  // Everybody may talk with everybody, and there are no groups.
  authorize: ({ conversation }) => findPerson(conversation.user) !== undefined,
})
serveMessages(io)

http.listen(port, () => console.log(`Listening on http://localhost:${port}`))

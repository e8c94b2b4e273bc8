import { createServer } from 'node:http'
import express from 'express'
import session from 'express-session'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'

const app = express()
export const http = createServer(app)
const io = new Server(http)

const sessions = session({ secret: process.env.SESSION_SECRET ?? 'only here', resave: false, saveUninitialized: false })
app.use(sessions)
// Now `socket.request.session` is the session of the browser that connects.
io.engine.use(sessions)

export const online = attachOnlineMessages(io, {
  identify: (socket) => socket.request.session.user ?? null,
  authorize: ({ conversation }) => conversation.group === 'team',
})

/** The connections of one session. */
const roomOf = (sessionId) => `session:${sessionId}`

io.on('connection', (socket) => {
  socket.join(roomOf(socket.request.session.id))
})

const users = new Map([
  ['password-of-ann', { id: 'ann', name: 'Ann' }],
  ['password-of-bob', { id: 'bob', name: 'Bob' }],
])

app.post('/sign-in', express.json(), (request, response) => {
  const user = users.get(request.body.password)
  if (!user) {
    response.sendStatus(401)
    return
  }
  request.session.regenerate(() => {
    request.session.user = user
    response.json(user)
  })
})

app.post('/sign-out', (request, response) => {
  const { id } = request.session
  request.session.destroy(() => {
    // An open connection keeps the session that it began with: close it.
    io.in(roomOf(id)).disconnectSockets()
    response.sendStatus(204)
  })
})

http.listen(process.env.PORT ?? 3000)

import { createServer, type IncomingMessage } from 'node:http'
import express from 'express'
import { Server } from 'socket.io'
import type { ServerEvents } from '../shared.ts'
import { connectionsOf, createApi } from './api.ts'
import { attachTyping } from './online.ts'
import { createSessions } from './sessions.ts'
import { openStore } from './store.ts'

const port = Number(process.env.PORT ?? 3000)
const store = openStore(process.env.DATABASE ?? 'chat.db')
const sessions = createSessions(store)

/** A browser sends its cookies to us from any page. Only our own page may connect. */
function isOurPage({ headers }: IncomingMessage) {
  const { origin, host } = headers
  return origin === undefined || origin === `http://${host}` || origin === `https://${host}`
}

const app = express()
const http = createServer(app)
const io = new Server<object, ServerEvents>(http, {
  allowRequest: (request, decide) => decide(null, isOurPage(request)),
})

app.use('/api', sessions, createApi(io, store))
io.engine.use(sessions)
io.use((socket, next) => {
  if (socket.request.session.user) next()
  else next(new Error('Sign in first.'))
})
io.on('connection', (socket) => {
  void socket.join(connectionsOf(socket.request.session.id))
})
attachTyping(io, store)

if (process.argv.includes('--dev')) {
  const { createServer: createVite } = await import('vite')
  const vite = await createVite({ server: { middlewareMode: { server: http } } })
  app.use(vite.middlewares)
} else {
  app.use(express.static('dist'))
}

http.listen(port, () => console.log(`Listening on http://localhost:${port}`))

for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => {
    store.close()
    process.exit()
  })
}

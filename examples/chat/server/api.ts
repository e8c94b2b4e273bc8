/** What the chat itself does: signing in and out, history, and messages that are stored. */
import express, { type ErrorRequestHandler, type RequestHandler } from 'express'
import type { Server } from 'socket.io'
import { z } from 'zod'
import type { ServerEvents } from '../shared.ts'
import { hashPassword, isPassword } from './passwords.ts'
import type { Store } from './store.ts'

const Login = z.object({ name: z.string().trim().min(1).max(32), password: z.string().min(8).max(128) })
const NewMessage = z.object({ text: z.string().trim().min(1).max(4000) })

/** The connections of one session. */
export const connectionsOf = (sessionId: string) => `session:${sessionId}`

const refuseStrangers: RequestHandler = (request, response, next) => {
  if (request.session.user) next()
  else response.sendStatus(401)
}

const answerInvalidRequest: ErrorRequestHandler = (error, _request, response, next) => {
  if (error instanceof z.ZodError) response.status(400).json(error.issues)
  else next(error)
}

export function createApi(io: Server<object, ServerEvents>, store: Store) {
  const api = express.Router()
  api.use(express.json())

  /** The first login with a name makes an account. */
  api.post('/sign-in', async (request, response) => {
    const { name, password } = Login.parse(request.body)
    if (!store.findUser(name)) store.addUser(name, await hashPassword(password))
    const found = store.findUser(name)
    if (!found || !(await isPassword(password, found.password))) {
      response.sendStatus(401)
      return
    }
    const user = { id: String(found.id), name: found.name }
    // Another id, so that nobody can have given their own session to this browser before.
    request.session.regenerate(() => {
      request.session.user = user
      response.json(user)
    })
  })

  api.post('/sign-out', (request, response) => {
    const { id } = request.session
    request.session.destroy(() => {
      // An open connection keeps the session that it began with: close it.
      io.in(connectionsOf(id)).disconnectSockets()
      response.sendStatus(204)
    })
  })

  api.get('/me', (request, response) => {
    response.json(request.session.user ?? null)
  })

  api.use(refuseStrangers)

  api.get('/history', (_request, response) => {
    response.json(store.history())
  })

  api.post('/rooms/:room/messages', (request, response) => {
    const { room } = request.params
    const { text } = NewMessage.parse(request.body)
    if (!store.hasRoom(room)) {
      response.sendStatus(404)
      return
    }
    const message = store.addMessage(room, request.session.user!, text)
    io.emit('message', message)
    response.status(201).json(message)
  })

  api.use(answerInvalidRequest)
  return api
}

import { createServer } from 'node:http'
import { fileURLToPath } from 'node:url'
import express from 'express'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import type { ClientEvents, ServerEvents } from '../messages.ts'
import { createAssistant } from './assistant.ts'
import { type Conversation, createConversation } from './conversation.ts'
import { nameVisitor, visitorOf } from './visitors.ts'

const port = Number(process.env.PORT ?? 3000)
const longestQuestion = 1000

const app = express()
app.use(nameVisitor)
app.use(express.static(fileURLToPath(new URL('../dist', import.meta.url))))

const http = createServer(app)
const io = new Server<ClientEvents, ServerEvents>(http, {
  // A browser sends its cookies to this server from every page, so only this server's own page may connect.
  allowRequest: (request, decide) => decide(null, request.headers.origin === `http://${request.headers.host}`),
})

const online = attachOnlineMessages(io, {
  identify: (socket) => visitorOf(socket.handshake.headers.cookie) ?? null,
  // Visitors have only the assistant to talk to. The assistant is asked about, too, and talks to everybody.
  authorize: ({ user, conversation }) => user.id === 'assistant' || conversation.user === 'assistant',
})
const answer = createAssistant(online)
const conversations = new Map<string, Conversation>()

function conversationOf(visitor: string): Conversation {
  const conversation = conversations.get(visitor) ?? createConversation(io, visitor, answer)
  conversations.set(visitor, conversation)
  return conversation
}

io.on('connection', async (socket) => {
  const visitor = visitorOf(socket.handshake.headers.cookie)
  if (visitor === undefined) {
    socket.disconnect()
    return
  }
  await socket.join(visitor)
  const { messages, ask } = conversationOf(visitor)
  socket.on('history', (reply) => reply(messages))
  socket.on('question', (question) => {
    if (typeof question === 'string' && question.length <= longestQuestion) ask(question)
  })
})

http.listen(port, () => console.log(`Listening on http://localhost:${port}`))

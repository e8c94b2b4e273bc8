import { createServer } from 'node:http'
import express from 'express'
import { Server } from 'socket.io'
import { addChatEvents } from './chat-events.js'
import { openDatabase } from './database.js'
import { createRoutes } from './routes.js'

/** @param publicFolder the built client */
export function startServer({ port, publicFolder }) {
  const database = openDatabase()
  const app = express()
  app.use('/api', createRoutes(database))
  app.use(express.static(publicFolder))

  const http = createServer(app)
  const io = new Server(http)
  addChatEvents(io, database)

  return new Promise((resolve) => {
    http.listen(port, () => {
      const close = () => new Promise((closed) => io.close(closed))
      resolve({ url: `http://localhost:${http.address().port}/`, close })
    })
  })
}

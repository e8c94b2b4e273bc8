import { createServer } from 'node:http'
import express from 'express'
import { Server } from 'socket.io'

/** @param publicFolder the built client */
export function startServer({ port, publicFolder }) {
  const app = express()
  app.use(express.static(publicFolder))
  const http = createServer(app)
  const io = new Server(http)

  let users = []

  io.on('connection', (socket) => {
    socket.on('newUser', ({ name }) => {
      users = users.filter(({ id }) => id !== socket.id)
      users.push({ id: socket.id, name })
      io.emit('newUserResponse', users)
    })

    socket.on('message', (message) => {
      io.emit('messageResponse', message)
    })

    socket.on('typing', (sentence) => {
      socket.broadcast.emit('typingResponse', sentence)
    })

    socket.on('disconnect', () => {
      users = users.filter(({ id }) => id !== socket.id)
      io.emit('newUserResponse', users)
    })
  })

  return new Promise((resolve) => {
    http.listen(port, () => {
      const close = () => new Promise((closed) => io.close(closed))
      resolve({ url: `http://localhost:${http.address().port}/`, close })
    })
  })
}

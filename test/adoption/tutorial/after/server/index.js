import { createServer } from 'node:http'
import express from 'express'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'

/** @param publicFolder the built client */
export function startServer({ port, publicFolder }) {
  const app = express()
  app.use(express.static(publicFolder))
  const http = createServer(app)
  const io = new Server(http)

  const online = attachOnlineMessages(io, {
    identify: (socket) => socket.data.user ?? null,
    authorize: ({ conversation }) => conversation.group === 'everyone',
  })

  let users = []

  io.on('connection', (socket) => {
    socket.on('newUser', ({ name }) => {
      users = users.filter(({ id }) => id !== socket.id)
      users.push({ id: socket.id, name })
      io.emit('newUserResponse', users)
      socket.data.user = { id: socket.id, name }
      online.reidentify(socket)
    })

    socket.on('message', (message) => {
      io.emit('messageResponse', message)
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

import { createServer } from 'node:http'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { authorize, identify } from './chat.mjs'

export const http = createServer()
export const io = new Server(http)

const ownEvents = new Set(['message'])

io.on('connection', (socket) => {
  // Without `om:` the plug-in would hear nothing, and its clients would never be online.
  socket.use(([event], next) => {
    if (ownEvents.has(event) || event.startsWith('om:')) next()
  })
})

attachOnlineMessages(io, { identify, authorize })

http.listen(process.env.PORT ?? 3000)

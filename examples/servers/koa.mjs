import { createServer } from 'node:http'
import Koa from 'koa'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { authorize, identify } from './chat.mjs'

const app = new Koa()
app.use((context) => {
  context.body = 'Hello'
})

// `app.listen()` would make an HTTP server of its own.
export const http = createServer(app.callback())
attachOnlineMessages(new Server(http), { identify, authorize })

http.listen(process.env.PORT ?? 3000)

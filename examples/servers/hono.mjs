import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { authorize, identify } from './chat.mjs'

const app = new Hono()
app.get('/', (context) => context.text('Hello'))

/** What `serve` returns is a Node HTTP server. */
export const http = serve({ fetch: app.fetch, port: Number(process.env.PORT ?? 3000) })
attachOnlineMessages(new Server(http), { identify, authorize })

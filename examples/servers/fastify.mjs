import Fastify from 'fastify'
import { attachOnlineMessages } from 'react-online-message/server'
import { Server } from 'socket.io'
import { authorize, identify } from './chat.mjs'

export const fastify = Fastify()
fastify.get('/', () => 'Hello')

/** Fastify's own HTTP server carries the connections. */
export const io = new Server(fastify.server)
attachOnlineMessages(io, { identify, authorize })

// `fastify.close()` waits until every connection has ended.
fastify.addHook('preClose', async () => io.local.disconnectSockets(true))

await fastify.listen({ port: Number(process.env.PORT ?? 3000) })

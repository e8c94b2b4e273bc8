/** What the compiler says about `identify`: it gets a socket as the app has typed it. It is never run: tsc checks it. */
import { Server, type Socket } from 'socket.io'
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../src/server/index.ts'
import type { Equal } from './equal.ts'

interface ToServer {
  say: (text: string) => void
}
interface ToClient {
  said: (text: string, answer: (id: number) => void) => void
}
interface BetweenServers {
  ping: () => void
}
interface SocketData {
  readonly user: { readonly id: string; readonly name: string }
}

const authorize = 'anyone'
const typed = new Server<ToServer, ToClient, BetweenServers, SocketData>()

attachOnlineMessages(typed, {
  authorize,
  identify(socket) {
    true satisfies Equal<typeof socket, Socket<ToServer, ToClient, BetweenServers, SocketData>>
    true satisfies Equal<typeof socket.data.user.name, string>
    return socket.data.user
  },
})
attachOnlineMessages(typed.of('/chat'), {
  authorize,
  identify({ data }) {
    true satisfies Equal<typeof data, SocketData>
    return data.user
  },
})
// @ts-expect-error: there is no such field.
attachOnlineMessages(typed, { authorize, identify: (socket) => String(socket.data.person) })
// @ts-expect-error: a number is no id.
attachOnlineMessages(typed, { authorize, identify: () => 7 })

// Without types, `data` may be anything, as in Socket.IO.
attachOnlineMessages(new Server(), { authorize, identify: ({ handshake }) => String(handshake.auth.user) })

// A function that was written for any socket fits a typed server too.
const forAnySocket = (socket: Socket) => socket.id
attachOnlineMessages(typed, { authorize, identify: forAnySocket })

const options: OnlineMessageServerOptions = { authorize, identify: forAnySocket }
attachOnlineMessages(new Server(), options)
const typedOptions: OnlineMessageServerOptions<Socket<ToServer, ToClient, BetweenServers, SocketData>> = {
  authorize,
  identify: ({ data }) => data.user,
}
attachOnlineMessages(typed, typedOptions)
attachOnlineMessages(typed.of('/chat'), typedOptions)

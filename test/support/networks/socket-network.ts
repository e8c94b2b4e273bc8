import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import type { ContractDevice, ContractNetwork } from '../../../src/testing/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'

export interface SocketNetworkOptions {
  /** What Socket.IO may use, in this order. */
  readonly protocols: ('polling' | 'websocket')[]
  /** Bots are devices in the server itself. Everybody else connects to it. @default nobody is a bot */
  readonly isBot?: (userId: string) => boolean
}

/** A Socket.IO server with the plug-in. */
export async function socketNetwork({ protocols, isBot }: SocketNetworkOptions): Promise<ContractNetwork> {
  const http = createServer()
  const server = new Server(http)
  const plugin = attachOnlineMessages(server, {
    identify: ({ handshake }) => handshake.auth.user as { id: string },
    authorize: 'anyone',
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const cleanups: (() => unknown)[] = []
  return {
    join(user): ContractDevice {
      if (isBot?.(user.id)) return { transport: plugin.createBot(user) }
      const socket = io(`http://127.0.0.1:${port}`, { auth: { user }, transports: protocols, forceNew: true })
      cleanups.push(() => socket.disconnect())
      return {
        transport: createSocketTransport(socket),
        disconnect: () => socket.disconnect(),
        reconnect: () => socket.connect(),
      }
    },
    async close() {
      for (const cleanUp of cleanups) cleanUp()
      await server.close()
    },
  }
}

import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { Server } from 'socket.io'
import { io } from 'socket.io-client'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import type { ContractCarrier, ContractDevice } from '../../../src/testing/index.ts'
import { createMemoryNetwork, type MemoryNetworkOptions } from '../../../src/transports/memory/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'

/** The network inside one process. */
export function memoryCarrier(options?: MemoryNetworkOptions): ContractCarrier {
  const network = createMemoryNetwork(options)
  return {
    join(user) {
      const transport = network.join(user)
      return { transport, disconnect: transport.disconnect, reconnect: transport.reconnect }
    },
  }
}

/** A Socket.IO server with the plug-in. Bots are devices inside it, everybody else is connected to it. */
export async function socketCarrier(
  transports: ('polling' | 'websocket')[],
  isBot: (userId: string) => boolean = () => false,
): Promise<ContractCarrier> {
  const http = createServer()
  const server = new Server(http)
  const plugin = attachOnlineMessages(server, {
    identify: ({ handshake }) => handshake.auth.user as { id: string },
    authorize: 'anyone',
  })
  await new Promise<void>((resolve) => http.listen(0, '127.0.0.1', resolve))
  const { port } = http.address() as AddressInfo
  const ends: (() => unknown)[] = []
  return {
    join(user): ContractDevice {
      if (isBot(user.id)) return { transport: plugin.createBot(user) }
      const socket = io(`http://127.0.0.1:${port}`, { auth: { user }, transports, forceNew: true })
      ends.push(() => socket.disconnect())
      return {
        transport: createSocketTransport(socket),
        disconnect: () => socket.disconnect(),
        reconnect: () => socket.connect(),
      }
    },
    async close() {
      for (const end of ends) end()
      await server.close()
    },
  }
}

import { io, type ManagerOptions, type Socket, type SocketOptions } from 'socket.io-client'
import type { DeviceSetup, SocketTransport } from './types.ts'

/** The sockets of a device. The two are the same one, unless its namespace shares a manager. */
export interface DeviceSockets {
  readonly socket: Socket
  /** The one that made the manager. */
  readonly mainSocket: Socket
}

const socketTransports = (socketTransport: SocketTransport) =>
  socketTransport === 'upgrade' ? ['polling', 'websocket'] : [socketTransport]

export function openSockets(setup: DeviceSetup): DeviceSockets {
  const { url, user, socketTransport, namespace = '/', retries = false, heldHandshake = false } = setup
  const auth = { user, held: heldHandshake }
  const options: Partial<ManagerOptions & SocketOptions> = {
    auth,
    transports: socketTransports(socketTransport),
    reconnectionDelay: 50,
    reconnectionDelayMax: 100,
    timeout: 1000,
    forceNew: true,
    ...(retries && { retries: 3, ackTimeout: 300 }),
  }
  const mainSocket = io(url, options)
  if (namespace === '/') return { socket: mainSocket, mainSocket }
  const socket = mainSocket.io.socket(namespace, { auth })
  socket.connect()
  return { socket, mainSocket }
}

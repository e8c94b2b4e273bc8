import { type ReactNode, useEffect, useState } from 'react'
import { OnlineMessageProvider } from '../../src/index.ts'
import type { ChatDevice, ChatSocket } from './chat-server.ts'

interface DeviceProps {
  /** Makes the socket and the client. React may call it twice, so it must not connect yet. */
  readonly create: () => ChatDevice
  readonly children: (socket: ChatSocket) => ReactNode
}

/**
 * Holds the connection of one device, from mounting to unmounting. It has a file of its own, so that hot reload of the
 * other files keeps the connection.
 */
export function Device({ create, children }: DeviceProps): ReactNode {
  const [{ socket, client }] = useState(create)

  useEffect(() => {
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [socket])

  return <OnlineMessageProvider client={client}>{children(socket)}</OnlineMessageProvider>
}

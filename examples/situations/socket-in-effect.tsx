import { type Context, createContext, type ReactElement, type ReactNode, useEffect, useState } from 'react'
import { io, type Socket } from 'socket.io-client'
import { createOnlineMessageClient, OnlineMessageProvider } from '../../src/index.ts'
import { createSocketTransport } from '../../src/transports/socket-io/index.ts'

interface SignedInProps {
  /** The address of your Socket.IO server. */
  readonly url: string
  /** Says who has signed in. */
  readonly token: string
  readonly children: ReactNode
}

/** The socket, for your app's own events. */
export const SocketContext: Context<Socket | undefined> = createContext<Socket | undefined>(undefined)

/** Connects one person. Render it after the sign-in; another person gets another socket and another client. */
export function SignedIn({ url, token, children }: SignedInProps): ReactElement {
  return (
    <Connected key={token} url={url} token={token}>
      {children}
    </Connected>
  )
}

function Connected({ url, token, children }: SignedInProps): ReactElement {
  const [{ socket, client }] = useState(() => createConnection(url, token))

  useEffect(() => {
    // React has run the effects of the components inside. So their listeners are there before the first event arrives.
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [socket])

  return (
    <SocketContext.Provider value={socket}>
      <OnlineMessageProvider client={client}>{children}</OnlineMessageProvider>
    </SocketContext.Provider>
  )
}

function createConnection(url: string, token: string) {
  // StrictMode makes two, and uses one. A socket that has never connected needs no closing.
  const socket = io(url, { auth: { token }, autoConnect: false })
  return { socket, client: createOnlineMessageClient({ transport: createSocketTransport(socket) }) }
}

import type { Socket } from 'socket.io-client'

/**
 * Signs in now and after every reconnect, because each connection is a new one for the server.
 *
 * @returns signs out.
 */
export function keepSignedIn(socket: Socket, token: string): () => void {
  const signIn = () => {
    socket.emit('sign-in', token)
  }
  socket.on('connect', signIn)
  if (socket.connected) signIn()

  return () => {
    socket.off('connect', signIn)
    // Without a connection nobody is signed in.
    if (socket.connected) socket.emit('sign-out')
  }
}

import { createError } from '../../core/errors.ts'
import { isDevelopment } from '../../core/is-development.ts'
import { sharedByCopies } from '../../core/shared-by-copies.ts'
import type { Transport } from '../../core/transport/transport.ts'
import type { ClientSocket } from './client-socket.ts'
import { createSocketSession, type SocketSession } from './session.ts'

export type { ClientSocket }

/** One session for each socket, however many transports there are on it (T8). */
const sessions = /* @__PURE__ */ sharedByCopies<ClientSocket, SocketSession>('sessions')

/**
 * A transport over an app's own Socket.IO connection. Its server has to call `attachOnlineMessages`. The socket stays the
 * app's: the transport neither connects nor closes it. Several transports on one socket share it without disturbing each
 * other (T8), and an app may remove all listeners of its socket (T7).
 *
 * `online` means that the server has answered the hello of this connection, and that the transport knows the server's
 * clock with an error bound of at most a quarter of `maxAge` (K1). A message that is sent reaches the engine's buffer or
 * nothing (T1), in order with the app's own packets (T6). A message that arrives older than the server's `maxAge` is
 * dropped (G1).
 *
 * @param socket made by `io()`, connected or not.
 * @throws TypeError in development, when there is no socket.
 */
export function createSocketTransport(socket: ClientSocket): Transport {
  if (isDevelopment && process.env.NODE_ENV !== 'production') requireSocket(socket)
  const session = sessions.get(socket) ?? createSocketSession(socket)
  sessions.set(socket, session)
  /** Whose leases those of this transport are. */
  const owner = {}
  return {
    send: (message, options) => session.send(message, { ...options, owner }),
    subscribe: session.subscribe,
    connection: session.connection,
  }
}

/** An app that makes its socket after a login may ask for the transport before it. */
function requireSocket(socket: ClientSocket | null | undefined): void {
  if (socket) return
  throw createError(
    TypeError,
    'no-socket',
    `createSocketTransport was given ${String(socket)}. Give the socket that io() returns, once it has been made.`,
  )
}

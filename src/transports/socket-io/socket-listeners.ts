import type { ClientSocket, Packet } from './client-socket.ts'

/** What the session listens to. */
export interface SocketListenerOptions {
  /** A packet of any of the manager's namespaces. */
  onPacket(packet: Packet): void
  /** The manager's connection has ended. The socket may not know it yet. */
  onClose(): void
  /** The socket's connection has ended. */
  onDisconnect(): void
  onPing(): void
}

/** The listeners on one socket and its manager. Other code can remove any of them at any time (T7). */
export interface SocketListeners {
  /**
   * Adds the listeners that are missing. Returns whether one of the manager's was among them, so that packets may have
   * been missed.
   */
  attach(): boolean
  detach(): void
}

export function createSocketListeners(
  socket: ClientSocket,
  { onPacket, onClose, onDisconnect, onPing }: SocketListenerOptions,
): SocketListeners {
  const { io } = socket

  return {
    attach() {
      const isDeaf = !io.listeners('packet').includes(onPacket)
      const missesEnd = !io.listeners('close').includes(onClose)
      if (isDeaf) io.on('packet', onPacket)
      if (missesEnd) io.on('close', onClose)
      if (!io.listeners('ping').includes(onPing)) io.on('ping', onPing)
      if (!socket.listeners('disconnect').includes(onDisconnect)) socket.on('disconnect', onDisconnect)
      return isDeaf || missesEnd
    },
    detach() {
      io.off('packet', onPacket)
      io.off('close', onClose)
      io.off('ping', onPing)
      socket.off('disconnect', onDisconnect)
    },
  }
}

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

/** A socket, or its manager. */
interface Emitter<Listener> {
  on(event: string, listener: Listener): unknown
  listeners(event: string): readonly unknown[]
}

/** Adds a listener where it is missing. Returns whether it was. */
function addMissing<Listener>(emitter: Emitter<Listener>, event: string, listener: Listener): boolean {
  if (emitter.listeners(event).includes(listener)) return false
  emitter.on(event, listener)
  return true
}

export function createSocketListeners(
  socket: ClientSocket,
  { onPacket, onClose, onDisconnect, onPing }: SocketListenerOptions,
): SocketListeners {
  const { io } = socket

  return {
    attach() {
      const missedPackets = addMissing(io, 'packet', onPacket)
      const missedEnd = addMissing(io, 'close', onClose)
      addMissing(io, 'ping', onPing)
      addMissing(socket, 'disconnect', onDisconnect)
      return missedPackets || missedEnd
    },
    detach() {
      io.off('packet', onPacket)
      io.off('close', onClose)
      io.off('ping', onPing)
      socket.off('disconnect', onDisconnect)
    },
  }
}

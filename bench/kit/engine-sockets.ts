import { subscribe } from 'node:diagnostics_channel'
import type { Socket } from 'node:net'

/** Bytes that this process has read from an engine and has written to it. */
export interface Traffic {
  readonly read: number
  readonly written: number
}

/**
 * Watches the connections that this process opens from now on. @returns what it has exchanged so far with servers on a
 * port.
 */
export function watchSockets(): (port: number) => Traffic {
  const sockets = new Set<Socket>()
  subscribe('net.client.socket', (message) => sockets.add((message as { socket: Socket }).socket))
  return (port) => {
    const own = [...sockets].filter(({ remotePort }) => remotePort === port)
    const sum = (field: 'bytesRead' | 'bytesWritten') => own.reduce((total, socket) => total + socket[field], 0)
    return { read: sum('bytesRead'), written: sum('bytesWritten') }
  }
}

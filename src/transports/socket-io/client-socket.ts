/** The parts of a Socket.IO packet that the transport reads and writes. */
export interface Packet {
  readonly type: number
  /** The namespace. */
  readonly nsp: string
  readonly id?: number | undefined
  readonly data?: unknown
}

/**
 * What is used of socket.io-client's `Socket`. That class has private members, so that TypeScript takes its declarations
 * for ES modules and those for CommonJS, or those of two versions, for different types. Every one of them fits here.
 */
export interface ClientSocket {
  /** Whether the server has accepted the connection. */
  readonly connected: boolean
  /** Whether the socket is connected, or will connect by itself. */
  readonly active: boolean
  /** Identifies the connection: each one has another. */
  readonly id?: string | undefined
  /** The manager. */
  readonly io: {
    on(event: 'packet', listener: (packet: Packet) => void): unknown
    on(event: 'close' | 'ping', listener: () => void): unknown
    off(event: 'packet', listener: (packet: Packet) => void): unknown
    off(event: 'close' | 'ping', listener: () => void): unknown
    listeners(event: 'packet' | 'close' | 'ping'): readonly unknown[]
  }
  /** Adds a listener. */
  on(event: 'disconnect', listener: () => void): unknown
  /** Removes a listener. */
  off(event: 'disconnect', listener: () => void): unknown
  /** The listeners of an event. */
  listeners(event: 'disconnect'): readonly unknown[]
}

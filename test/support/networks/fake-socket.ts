import type { ClientSocket, Packet } from '../../../src/transports/socket-io/client-socket.ts'

const CONNECT_PACKET = 0
const EVENT_PACKET = 2
const ACK_PACKET = 3

/** An event that the transport has written. */
export interface WrittenEvent {
  /** The name and the arguments. */
  readonly event: readonly unknown[]
  readonly asksForAnswer: boolean
  /** Answers it, if the transport has asked for an answer. */
  answer(value: unknown): void
}

/** A client's socket without a network, for tests in fake time: it is connected when a test says so, and has no delays. */
export interface FakeSocket {
  readonly socket: ClientSocket
  /** Everything that has been written, oldest first. */
  readonly written: readonly WrittenEvent[]
  /** The events of this name that have been written, without the name. */
  writtenAs(name: string): (readonly unknown[])[]
  /** Connects, with an id that no connection had before. Socket.IO learns of its packet after the transport. */
  connect(): void
  /** Disconnects for good, as an app does. */
  disconnect(): void
  /** Loses the connection. The socket will connect again by itself. */
  lose(): void
  /** Is on another connection than before, and no listener learns of it. */
  swapConnection(): void
  ping(): void
  /** Only the listeners for the end of a connection are called. */
  emitDisconnect(): void
  /** The server sends an event. */
  receive(...event: readonly unknown[]): void
  /** Takes away all listeners of one event of the manager or of the socket, as other code may (T7). */
  removeListeners(event: string): void
  /** How many listeners there are. */
  listenerCount(): number
}

export interface FakeSocketOptions {
  /** Called with every event that is written. @default does nothing: the server never answers */
  readonly onWrite?: (written: WrittenEvent) => void
}

type Listener = (value?: unknown) => void

function createEmitter() {
  const listeners: { readonly event: string; readonly call: Listener }[] = []
  return {
    on: (event: string, call: Listener) => void listeners.push({ event, call }),
    off(event: string, call?: Listener) {
      const kept = listeners.filter((one) => one.event !== event || (call !== undefined && one.call !== call))
      listeners.splice(0, listeners.length, ...kept)
    },
    listeners: (event: string) => listeners.filter((one) => one.event === event).map(({ call }) => call),
    emit(event: string, value?: unknown) {
      for (const one of [...listeners]) if (one.event === event) one.call(value)
    },
    count: () => listeners.length,
  }
}

export function createFakeSocket({ onWrite = () => {} }: FakeSocketOptions = {}): FakeSocket {
  const written: WrittenEvent[] = []
  const manager = createEmitter()
  const own = createEmitter()
  const nsp = '/'
  let connections = 0
  const state = { connected: false, active: true, id: undefined as string | undefined }

  const receivePacket = (packet: Omit<Packet, 'nsp'>) => manager.emit('packet', { nsp, ...packet })
  const _packet = ({ data, id }: Packet) => {
    // Like Socket.IO's parser, it throws for a bigint.
    JSON.stringify(data)
    const one: WrittenEvent = {
      event: data as readonly unknown[],
      asksForAnswer: id !== undefined,
      answer: (value) => receivePacket({ type: ACK_PACKET, id, data: [value] }),
    }
    written.push(one)
    onWrite(one)
  }
  const socket = Object.assign(state, { nsp, io: { ...manager, _packet }, ...own })

  const swapConnection = () => {
    connections++
    Object.assign(state, { connected: true, active: true, id: `connection ${connections}` })
  }
  const end = (isActive: boolean) => {
    Object.assign(state, { connected: false, active: isActive, id: undefined })
    own.emit('disconnect')
  }
  return {
    socket: socket as unknown as ClientSocket,
    written,
    writtenAs: (name) => written.filter(({ event }) => event[0] === name).map(({ event }) => event.slice(1)),
    connect() {
      receivePacket({ type: CONNECT_PACKET })
      swapConnection()
    },
    disconnect: () => end(false),
    lose() {
      manager.emit('close')
      end(true)
    },
    swapConnection,
    ping: () => manager.emit('ping'),
    emitDisconnect: () => own.emit('disconnect'),
    receive: (...event) => receivePacket({ type: EVENT_PACKET, data: event }),
    removeListeners(event) {
      manager.off(event)
      own.off(event)
    },
    listenerCount: () => manager.count() + own.count(),
  }
}

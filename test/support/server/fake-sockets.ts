import { EventEmitter } from 'node:events'
import { Server, type Socket } from 'socket.io'
import {
  attachOnlineMessages,
  type OnlineMessageServer,
  type OnlineMessageServerOptions,
} from '../../../src/server/index.ts'

/** A connection without a network. What the client sends is handled within the call, unless the app has to think. */
export interface FakeConnection {
  readonly socket: Socket
  /** The events that it was sent since the last call, without the times at which they were sent. */
  take(): unknown[][]
  /** The client sends an event, and wants no answer. */
  emit(event: string, ...args: readonly unknown[]): void
  /** The client sends an event. @returns the answers, those that come later included. */
  ask(event: string, ...args: readonly unknown[]): unknown[]
  /** The client stops reading, and so many packets of the app wait for it. */
  stopReading(waiting?: number): void
  /** What waits for a client that does not read, as Engine.IO has it. */
  readonly waiting: readonly unknown[]
  disconnect(): void
}

/** The plug-in on a Socket.IO server that listens to no port: a test is done in milliseconds, in fake time. */
export interface FakeServer {
  readonly io: Server
  readonly online: OnlineMessageServer
  /** Connects somebody. `identify` reads `socket.data.user`, which the test may change later. */
  connect(user: string | null): FakeConnection
}

/** @param user what `identify` answers. */
export function connectFake(io: Server, user: string | null): FakeConnection {
  const namespace = io.of('/')
  const written: unknown[][] = []
  const writeBuffer: unknown[] = []

  function write(data: unknown): void {
    // Behind the type of the packet there is an event: its name, when it was sent, and the rest.
    const [event, , ...rest] = JSON.parse(String(data).slice(1)) as unknown[]
    written.push([event, ...rest])
  }

  const conn = {
    readyState: 'open',
    transport: {
      name: 'websocket',
      writable: true,
      send(packets: readonly { data: unknown }[]) {
        for (const { data } of packets) write(data)
      },
    },
    writeBuffer,
    write(data: unknown, options: object) {
      write(data)
      writeBuffer.push({ data, options })
    },
  }
  const emitter = new EventEmitter()
  const socket = Object.assign(emitter, {
    id: `socket ${namespace.sockets.size}`,
    nsp: namespace,
    connected: true,
    conn,
    data: { user },
  }) as unknown as Socket
  namespace.sockets.set(socket.id, socket)
  EventEmitter.prototype.emit.call(namespace, 'connection', socket)

  return {
    socket,
    take: () => written.splice(0),
    emit: (event, ...args) => void emitter.emit(event, ...args),
    ask(event, ...args) {
      const answers: unknown[] = []
      emitter.emit(event, ...args, (answer: unknown) => answers.push(answer))
      return answers
    },
    stopReading(waiting = 0) {
      conn.transport.writable = false
      for (let count = 0; count < waiting; count++) writeBuffer.push({})
    },
    waiting: writeBuffer,
    disconnect() {
      namespace.sockets.delete(socket.id)
      Object.assign(socket, { connected: false })
      emitter.emit('disconnect', 'transport close')
    },
  }
}

export function startFakeServer(options: Partial<OnlineMessageServerOptions> = {}): FakeServer {
  const io = new Server()
  const online = attachOnlineMessages(io, {
    identify: (socket) => (socket.data as { user: string | null }).user,
    authorize: 'anyone',
    ...options,
  })
  return { io, online, connect: (user) => connectFake(io, user) }
}

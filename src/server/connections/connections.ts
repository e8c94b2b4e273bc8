import type { Socket } from 'socket.io'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import type { User } from '../../core/message/user.ts'
import { settle } from '../../core/settle.ts'
import { logConnections } from '../debug.ts'
import { createDevice } from '../devices/device.ts'
import type { Hub } from '../hub.ts'
import type { Device } from '../model.ts'
import type { Settings } from '../options.ts'
import { refusedFrame } from '../refusals.ts'
import type { Counters } from '../stats.ts'
import { type Connection, createConnection, enqueue } from './connection.ts'
import type { Frame, FrameMaker } from './frame.ts'
import { createHandlers } from './handlers.ts'
import { identify } from './identity.ts'
import { createConnectionWriter, isClogged } from './writer.ts'

/** The connections of one namespace. */
export interface Connections {
  /** Serves a new connection. */
  serve(socket: Socket): void
  /** Removes everything from all sockets again. */
  close(): void
}

export interface ConnectionsOptions {
  readonly settings: Settings
  readonly hub: Hub
  readonly makeFrame: FrameMaker
  readonly counters: Counters
}

export function createConnections({ settings, hub, makeFrame, counters }: ConnectionsOptions): Connections {
  const connections = new Map<Socket, Connection>()

  const write = createConnectionWriter(settings.maxAge, (socket, conversation) => {
    counters.dropped['slow-reader']++
    const user = connections.get(socket)?.device?.user.id
    logConnections({ event: 'message dropped', reason: 'slow-reader', user, conversation })
  })

  const handlers = createHandlers({
    settings,
    hub,
    counters,
    writeRefused: ({ socket }, conversation, reason) => write(socket, refusedFrame(makeFrame, conversation, reason)),
  })

  // The three functions below are shared by all sockets and devices, and find theirs by `this`. A closure for each
  // socket and event would be most of what a connection costs.

  function deliver(this: Device, frame: Frame): void {
    if (this.socket) write(this.socket, frame)
  }

  const listeners = Object.entries(handlers).map(([event, handle]) => {
    function listener(this: Socket, ...args: unknown[]): void {
      const connection = connections.get(this)
      if (!connection) return
      const last = args.at(-1)
      if (typeof last !== 'function') {
        handle({ connection, args, answer: ignore })
        return
      }
      const answer = isClogged(this) ? ignore : (last as (result: unknown) => void)
      handle({ connection, args: args.slice(0, -1), answer })
    }
    return { event, listener }
  })

  function remove(this: Socket): void {
    const device = connections.get(this)?.device
    connections.delete(this)
    for (const { event, listener } of listeners) this.off(event, listener)
    this.off('disconnect', remove)
    if (device) hub.remove(device)
  }

  function identified(connection: Connection, user: User | SendFailure): void {
    if (isFailure(user)) {
      connection.rejection = user
      return
    }
    const { socket } = connection
    // It may have disconnected while `identify` was thinking.
    if (!connections.has(socket)) return
    connection.device = createDevice(user, deliver, socket)
    hub.add(connection.device)
  }

  return {
    serve(socket) {
      const connection = createConnection(socket)
      connections.set(socket, connection)
      // Before anything is awaited, so that nothing the client sends at once is lost.
      for (const { event, listener } of listeners) socket.on(event, listener)
      socket.on('disconnect', remove)
      // What arrives before the answer waits for it.
      enqueue(connection, () => settle(identify(settings.identify, socket), (user) => identified(connection, user)))
    },
    close() {
      for (const socket of [...connections.keys()]) remove.call(socket)
    },
  }
}

const ignore = () => {}

import type { Socket } from 'socket.io'
import { isFailure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import type { User } from '../../core/message/user.ts'
import { logConnections } from '../debug.ts'
import { createDevice } from '../devices/device.ts'
import type { Hub } from '../hub.ts'
import type { Device } from '../model.ts'
import type { Settings } from '../options.ts'
import { refusedFrame } from '../refusals.ts'
import type { Counters } from '../stats.ts'
import { type Connection, createConnection, createConnectionLimits, type Question } from './connection.ts'
import { type Frame, type FrameMaker, identityFrame } from './frame.ts'
import { createHandlers } from './handlers.ts'
import { createIdentification } from './identification.ts'
import { createConnectionWriter, isClogged } from './writer.ts'

/** The connections of one namespace. */
export interface Connections {
  /** Serves a new connection. */
  serve(socket: Socket): void
  /** Asks `identify` again whose connection this is. Without effect on a socket that has disconnected. */
  reidentify(socket: Socket): void
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

  const identification = createIdentification(settings, onAnswer)

  const handlers = createHandlers({
    settings,
    hub,
    counters,
    limits: createConnectionLimits(settings),
    identification,
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

  function onAnswer({ connection, askedAt, tellsClient }: Question, answer: User | SendFailure): void {
    const { socket, device } = connection
    // It may have disconnected while `identify` was thinking.
    if (connections.get(socket) !== connection) return
    const user = isFailure(answer) ? undefined : answer
    connection.rejection = isFailure(answer) ? { reason: answer, askedAt } : undefined
    if (device && device.user.id === user?.id) {
      device.identifiedAt = askedAt
      hub.rename(device, user)
      return
    }
    // I1: another user is another device, which has none of the subscriptions and leases of the one before.
    connection.device = undefined
    if (device) hub.remove(device)
    if (user) addDevice(connection, user, askedAt)
    if (tellsClient && (device || user)) tellClient(connection)
  }

  function addDevice(connection: Connection, user: User, identifiedAt: number): void {
    connection.device = createDevice(user, deliver, connection.socket)
    connection.device.identifiedAt = identifiedAt
    hub.add(connection.device)
  }

  function tellClient(connection: Connection): void {
    connection.mustSayHello = connection.device !== undefined
    write(connection.socket, identityFrame(makeFrame))
  }

  hub.onReidentify(({ user, before }) => {
    identification.doubt(user)
    for (const { socket, identifiedAt } of hub.devicesOf(user)) {
      const connection = socket && connections.get(socket)
      if (connection && identifiedAt <= before) identification.again(connection)
    }
  })

  return {
    serve(socket) {
      const connection = createConnection(socket)
      connections.set(socket, connection)
      // Before anything is awaited, so that nothing the client sends at once is lost.
      for (const { event, listener } of listeners) socket.on(event, listener)
      socket.on('disconnect', remove)
      identification.begin(connection)
    },
    reidentify(socket) {
      const connection = connections.get(socket)
      if (connection) identification.again(connection)
    },
    close() {
      for (const socket of [...connections.keys()]) remove.call(socket)
    },
  }
}

const ignore = () => {}

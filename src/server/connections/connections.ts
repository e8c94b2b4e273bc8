import type { Socket } from 'socket.io'
import { type Conversation, parseConversation } from '../../core/message/conversation.ts'
import { failure } from '../../core/message/failure.ts'
import type { SendFailure } from '../../core/message/message.ts'
import type { User } from '../../core/message/user.ts'
import {
  ACTIVE,
  HELLO,
  LEASE,
  SUBSCRIBE,
  PROTOCOL_VERSION,
  REFUSED,
  SEND,
  type Welcome,
} from '../../core/transport/wire.ts'
import { serverNow } from '../clock.ts'
import { createConnectionWriter, isClogged } from './writer.ts'
import { createDevice } from '../devices/device.ts'
import type { Device } from '../model.ts'
import type { Frame, FrameMaker } from './frame.ts'
import { identify } from './identity.ts'
import type { Settings } from '../options.ts'
import { createRateLimit } from './rate-limit.ts'
import { badConversation, readLease, readMessage } from './parse-packet.ts'
import type { Hub } from '../hub.ts'
import { createTaskQueue, type TaskQueue } from './task-queue.ts'

/** Most packets of one connection that wait for permission. */
const MAX_WAITING = 1000

/** Conversations one connection may begin or cease to listen to, a second; twice as many at once. */
const LISTENS_PER_SECOND = 1000

type Handler = (connection: Connection, args: readonly unknown[], answer: (result: unknown) => void) => void

type Runner = (
  connection: Connection,
  answer: (refusal: SendFailure) => void,
  task: (device: Device) => Promise<unknown> | undefined,
) => void

const tooFast = failure('rate-limited', 'Too many messages from this connection just now. Send fewer, or later.')

/** One connection. There may be very many: what is not in use is not there. */
interface Connection {
  readonly socket: Socket
  device: Device | undefined
  /** Why it is nobody's. */
  nobody: SendFailure | undefined
  /** While something waits. */
  queue: TaskQueue | undefined
  /** When the buckets of its two rate limits will be full again. */
  messagesFullAt: number | undefined
  listensFullAt: number | undefined
}

/** Serves the connections of one namespace. */
export interface SocketServer {
  serve(socket: Socket): void
  /** Takes everything off all sockets again. */
  close(): void
}

/**
 * Every connection's listeners are there before anything is awaited, so that nothing the client sends at once is lost.
 * Every handler survives every input: all that comes is hostile until it is read.
 */
export function createSocketServer(settings: Settings, switchboard: Hub, makeFrame: FrameMaker): SocketServer {
  const { refuse } = switchboard
  const connections = new Map<Socket, Connection>()
  const write = createConnectionWriter(settings.maxAge, () => refuse('slowReader', tooFast))

  /** Runs a task in the connection's order. False when too many wait already. */
  const enqueue = (connection: Connection, task: () => Promise<unknown> | undefined): boolean => {
    const queue = connection.queue ?? createTaskQueue(MAX_WAITING)
    const accepted = queue.run(task)
    connection.queue = queue.isIdle() ? undefined : queue
    return accepted
  }

  /** Runs a task in the connection's order, once it is known whose it is. */
  const inOrder: Runner = (connection, answer, task) => {
    const accepted = enqueue(connection, () => {
      if (connection.device) return task(connection.device)
      if (connection.nobody) answer(refuse('forbidden', connection.nobody))
      return undefined
    })
    if (!accepted) answer(refuse('limited', tooFast))
  }
  /** Runs a task at once when it is known whose connection it is: it overtakes what waits for permission. */
  const atOnce: Runner = (connection, answer, task) => {
    if (connection.device) void task(connection.device)
    else inOrder(connection, answer, task)
  }

  const tellRefused = ({ socket }: Connection, refusal: SendFailure, conversation: Conversation) => {
    const at = serverNow()
    write(socket, makeFrame(at, [REFUSED, Math.round(at), conversation, refusal]))
  }

  const maySendMore = createRateLimit(settings.perConnection, 'messagesFullAt')
  const mayListenMore = createRateLimit(LISTENS_PER_SECOND, 'listensFullAt')

  /** Reads a list of conversations, answers what is wrong with it, and runs a task for all that are left together. */
  const eachConversation = (
    connection: Connection,
    list: unknown,
    answer: (result: unknown) => void,
    run: (device: Device, conversation: Conversation) => Promise<unknown> | undefined,
  ) => {
    if (!Array.isArray(list)) {
      answer(refuse('invalid', badConversation))
      return
    }
    const conversations: Conversation[] = []
    let told = false
    for (const item of list as readonly unknown[]) {
      const conversation = parseConversation(item)
      // What is none is not sent back: nobody knows what it would do to the encoder.
      if (!conversation) answer(refuse('invalid', badConversation))
      else if (mayListenMore(connection, 'high')) conversations.push(conversation)
      else {
        refuse('limited', tooFast)
        // Once, or a small packet would make many.
        if (!told) tellRefused(connection, tooFast, conversation)
        told = true
      }
    }
    inOrder(
      connection,
      (refusal) => {
        for (const conversation of conversations) tellRefused(connection, refusal, conversation)
      },
      (device) => {
        const pending: Promise<unknown>[] = []
        for (const conversation of conversations) {
          const wait = run(device, conversation)
          if (wait) pending.push(wait)
        }
        return pending.length ? Promise.all(pending) : undefined
      },
    )
  }

  const handlers: Record<string, Handler> = {
    [HELLO](connection, [version], answer) {
      if (version !== PROTOCOL_VERSION) {
        answer(refuse('invalid', failure('invalid', `This server speaks version ${PROTOCOL_VERSION} of the protocol.`)))
        return
      }
      atOnce(connection, answer, () => {
        const { maxAge, maxBytes, activeDeviceOnly: tellActive } = settings
        const time = Math.round(serverNow())
        const welcome: Welcome = { ok: true, version: PROTOCOL_VERSION, time, maxAge, maxBytes, tellActive }
        answer(welcome)
      })
    },
    [SUBSCRIBE](connection, [list, on], answer) {
      eachConversation(connection, list, answer, (device, conversation) => {
        if (on === false) {
          switchboard.unsubscribe(device, conversation)
          return undefined
        }
        const told = (refusal: SendFailure | undefined) => {
          if (refusal) tellRefused(connection, refusal, conversation)
          return undefined
        }
        const refusal = switchboard.subscribe(device, conversation)
        return refusal instanceof Promise ? refusal.then(told) : told(refusal)
      })
    },
    [SEND](connection, args, answer) {
      const message = readMessage(args, settings.maxBytes)
      if ('ok' in message) {
        answer(refuse(message.code === 'too-large' ? 'tooLarge' : 'invalid', message))
      } else if (!maySendMore(connection, message.priority)) answer(refuse('limited', tooFast))
      else {
        inOrder(connection, answer, (device) => switchboard.send(device, message, answer))
      }
    },
    [LEASE](connection, args, answer) {
      const lease = readLease(args)
      if ('ok' in lease) answer(refuse('invalid', lease))
      // Giving back is always allowed.
      else if (lease.ttl && !maySendMore(connection, 'normal')) answer(refuse('limited', tooFast))
      else {
        const { at, ttl, activity, conversation } = lease
        const refused = (refusal: SendFailure | undefined) => {
          if (refusal) answer(refusal)
        }
        atOnce(connection, answer, (device) => {
          const refusal = switchboard.lease(device, at, ttl, activity, conversation)
          // Not waited for: a lease holds up no message.
          if (refusal instanceof Promise) void refusal.then(refused)
          else refused(refusal)
        })
      }
    },
  }
  if (settings.activeDeviceOnly) {
    handlers[ACTIVE] = ({ device }) => {
      if (device) switchboard.markActive(device)
    }
  }

  function hand(this: Device, frame: Frame): void {
    if (this.socket) write(this.socket, frame)
  }

  // One function for all sockets, which it is called on: a closure for each would be most of what a connection costs.
  const listeners = Object.entries(handlers).map(([event, handle]) => {
    function listener(this: Socket, ...args: unknown[]): void {
      const connection = connections.get(this)
      if (!connection) return
      const last = args.at(-1)
      const answer = typeof last === 'function' && !isClogged(this) ? (last as (result: unknown) => void) : () => {}
      handle(connection, typeof last === 'function' ? args.slice(0, -1) : args, answer)
    }
    return [event, listener] as const
  })

  function end(this: Socket): void {
    const device = connections.get(this)?.device
    connections.delete(this)
    for (const [event, listener] of listeners) this.off(event, listener)
    this.off('disconnect', end)
    if (device) switchboard.remove(device)
  }

  return {
    serve(socket) {
      // All at once: a field that is added later costs a table of its own.
      const connection: Connection = {
        socket,
        device: undefined,
        nobody: undefined,
        queue: undefined,
        messagesFullAt: undefined,
        listensFullAt: undefined,
      }
      connections.set(socket, connection)
      const known = (user: User | SendFailure) => {
        if ('ok' in user) connection.nobody = user
        else if (connections.has(socket)) {
          connection.device = createDevice(user, hand, socket)
          switchboard.add(connection.device)
        }
        return undefined
      }
      for (const [event, listener] of listeners) socket.on(event, listener)
      socket.on('disconnect', end)
      // Whatever comes before the answer waits for it.
      enqueue(connection, () => {
        const user = identify(settings.identify, socket)
        return user instanceof Promise ? user.then(known) : known(user)
      })
    },
    close() {
      for (const socket of [...connections.keys()]) end.call(socket)
    },
  }
}

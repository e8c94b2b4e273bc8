import type { Socket } from 'socket.io'
import type { Priority } from '../../core/message/message.ts'
import type { SendFailure } from '../../core/message/send-result.ts'
import type { Device } from '../model.ts'
import type { Settings } from '../options.ts'
import { createRateLimit, NO_RESERVE, RESERVE } from './rate-limit.ts'
import { createTaskQueue, type Task, type TaskQueue } from './task-queue.ts'

/** Most packets of one connection that wait for permission. */
const MAX_WAITING = 1000

/** To how many conversations one connection may subscribe in a second; twice as many at once. */
const SUBSCRIPTIONS_PER_SECOND = 1000

/** One connection. There may be very many: an idle one holds nothing beside these fields. */
export interface Connection {
  readonly socket: Socket
  /** Set when `identify` has said whose connection it is. */
  device: Device | undefined
  /** Set if `identify` rejected the connection. */
  rejection: Rejection | undefined
  /** The latest question whose connection this is, until the app has answered it. */
  question: Question | undefined
  /** Whether it has another user than before: what the client sends until it says hello was meant for the user before. */
  mustSayHello: boolean
  /** Set while packets wait. */
  queue: TaskQueue | undefined
  /** The states of its two rate limits: see `createRateLimit`. */
  messagesFullAt: number | undefined
  subscriptionsFullAt: number | undefined
}

/** The answer of `identify` that says that a connection has no user. */
export interface Rejection {
  /** The failure to answer with. */
  readonly reason: SendFailure
  /** When `identify` was called, by the server's clock. */
  readonly askedAt: number
}

/** One call of `identify` that has not answered yet. */
export interface Question {
  readonly connection: Connection
  /** When `identify` was called, by the server's clock. */
  readonly askedAt: number
  /** Whether the client has to be told if its user is another one than before. */
  readonly tellsClient: boolean
  /** Users who were reidentified while this call was under way: an answer that names one of them may be stale. */
  readonly doubtful: Set<string>
  /** Ends the waiting of the packets that wait for an answer: for this one, or for that of a later question. */
  release: (() => void) | undefined
}

/** All fields at once: a field that is added to an object later costs a table of its own. */
export const createConnection = (socket: Socket): Connection => ({
  socket,
  device: undefined,
  rejection: undefined,
  question: undefined,
  mustSayHello: false,
  queue: undefined,
  messagesFullAt: undefined,
  subscriptionsFullAt: undefined,
})

/** Runs a task after those that wait already. False when too many wait. The queue exists only while something waits. */
export function enqueue(connection: Connection, task: Task): boolean {
  const queue = connection.queue ?? createTaskQueue(MAX_WAITING)
  const isAccepted = queue.run(task)
  connection.queue = queue.isIdle() ? undefined : queue
  return isAccepted
}

/**
 * Begins a task that waits for no other one, once the connection's user is known. What is enqueued after it waits for it
 * (T6).
 */
export function enqueueBeside(connection: Connection, task: Task): boolean {
  const queue = connection.queue ?? createTaskQueue(MAX_WAITING)
  const isAccepted = queue.runBeside(task, connection.device !== undefined)
  connection.queue = queue.isIdle() ? undefined : queue
  return isAccepted
}

/** The rate limits of all connections. Each takes one from a connection's budget; false when too little is left. */
export interface ConnectionLimits {
  takeMessage(connection: Connection, priority: Priority): boolean
  takeSubscription(connection: Connection): boolean
}

export function createConnectionLimits({ perConnection }: Settings): ConnectionLimits {
  const messageRate = createRateLimit(perConnection)
  const subscriptionRate = createRateLimit(SUBSCRIPTIONS_PER_SECOND)

  return {
    takeMessage(connection, priority) {
      const fullAt = messageRate.take(connection.messagesFullAt, RESERVE[priority])
      if (fullAt === undefined) return false
      connection.messagesFullAt = fullAt
      return true
    },
    takeSubscription(connection) {
      const fullAt = subscriptionRate.take(connection.subscriptionsFullAt, NO_RESERVE)
      if (fullAt === undefined) return false
      connection.subscriptionsFullAt = fullAt
      return true
    },
  }
}

import type { Conversation } from '../../../src/core/index.ts'

/** Three ways to send the same messages over the same sockets. */
export const WAYS = ['ours', 'emit', 'volatile'] as const
export type Way = (typeof WAYS)[number]

/** How Socket.IO reaches its server, which it calls its transports. `upgrade` begins with polling. */
export type SocketTransport = 'websocket' | 'polling' | 'upgrade'

/** The user of a device on which nobody has logged in: the server knows no user then. */
export const GUEST = 'guest'

/** What every message of a run carries. */
export interface Payload {
  readonly n: number
  /** A text that only this run uses. The run looks for it wherever something may be stored. */
  readonly tag: string
  /** When it was sent, by the shared clock; written by the sending device. */
  readonly at: number
  readonly padding?: string
}

/** The answer that the sender of a message got. */
export interface Outcome {
  /** `ok`, the code of a failure, or `unanswered`: plain Socket.IO does not answer. */
  readonly code: string
  /** Whether the answer came before the event loop's next turn: without the network, and without a timer. */
  readonly isImmediate: boolean
  readonly recipients?: number | undefined
}

/** What a device reports of itself. `at` is by the shared clock. */
export type DeviceEvent =
  | { readonly kind: 'message'; readonly payload: Payload; readonly at: number }
  | { readonly kind: 'app'; readonly n: number; readonly at: number }
  | { readonly kind: 'typists'; readonly ids: readonly string[]; readonly at: number }

export interface ServerSetup {
  readonly port?: number
  /** Interval of the pings and timeout of their answers, in milliseconds. @default Socket.IO's: 25 s and 20 s */
  readonly ping?: number
  /** Whether `io.use` holds the handshakes of the devices that are marked, until `acceptHandshakes`. @default false */
  readonly holdHandshakes?: boolean
  /** Connection-state recovery, and whether the recovered connections skip `io.use`. @default off */
  readonly recovery?: 'skip-middlewares' | 'run-middlewares'
  readonly deliverTo?: 'every-device' | 'active-device'
  readonly countRecipients?: boolean
  /** The error of this process's clocks, in milliseconds. Only in a process of its own. */
  readonly clockError?: number
}

/** What a scenario does to its server, in this process or in another one. */
export interface ScenarioServer {
  port(): Promise<number>
  /** Lets the handshakes go on that it has held. */
  acceptHandshakes(): Promise<void>
  /** Ends a user's connections: the socket alone, or the engine below it. */
  kick(user: string, what: 'socket' | 'engine', namespace?: string): Promise<void>
  /** Sends from inside the server, all in one tick. */
  burst(burst: Burst): Promise<void>
  /** The app's own emits to a user. */
  emitApp(user: string, numbers: readonly number[]): Promise<void>
  /** Sends at a steady rate from inside the server. @returns how many messages there were. */
  load(load: Load): Promise<number>
  /** How many hellos the devices of a user have said. */
  hellos(user: string): Promise<number>
  /** Withdraws a user's permission and revokes what the user has. */
  revoke(user: string): Promise<void>
  /** How many copies of messages with this tag are stored; with `withEngine`, also those waiting in the engine. */
  stored(tag: string, withEngine: boolean): Promise<number>
  /** How many of the app's own packets the recovery store holds. */
  storedAppPackets(): Promise<number>
  /** Bytes in use after a garbage collection. */
  memory(): Promise<number>
  close(): Promise<void>
}

export interface Burst {
  readonly way: Way
  readonly to: Conversation
  readonly payloads: readonly Payload[]
  /** Whether the app emits something of its own before and after each message. */
  readonly besideApp?: boolean
}

export interface Load {
  readonly way: Way
  /** The messages go to each of them in turn. */
  readonly to: readonly Conversation[]
  readonly tag: string
  /** The number of the first message. */
  readonly first: number
  readonly bytes: number
  readonly perSecond: number
  readonly milliseconds: number
}

export interface DeviceSetup {
  readonly url: string
  /** Whose device it is, or `GUEST` before anybody has logged in. */
  readonly user: string
  readonly way: Way
  readonly socketTransport: SocketTransport
  readonly namespace?: string
  readonly subscribesTo: readonly Conversation[]
  /** Whether its socket has `retries` and `ackTimeout`. */
  readonly retries?: boolean
  /** Marks its handshake as one to be held, where the server does that. */
  readonly heldHandshake?: boolean
  /** The error of this process's clocks, in milliseconds. Only in a process of its own. */
  readonly clockError?: number
}

export interface DeviceState {
  readonly connected: boolean
  readonly online: boolean
  readonly recovered: boolean
  readonly socketTransport: string
  /** How often the server has refused its connection. */
  readonly refusals: number
}

export interface Sleep {
  readonly milliseconds: number
  /** Whether the steady clock (`performance.now`) goes on: it does in a frozen page, and not in a sleeping laptop. */
  readonly steadyClockRuns: boolean
  /** Sent in the tick in which the device wakes. */
  readonly thenSend: readonly Payload[]
  readonly to: Conversation
}

/** What a scenario does with a device, in this process or in another one. */
export interface ScenarioDevice {
  /** Sends all of them in one tick. */
  send(to: Conversation, payloads: readonly Payload[]): Promise<Outcome[]>
  /** The same between two of the app's own emits, in one tick. */
  sendBesideApp(to: { user: string }, payloads: readonly Payload[], before: number, after: number): Promise<Outcome[]>
  /** Sends a message whose stamp says that it is this old, in milliseconds. Plain Socket.IO has no stamps. */
  sendWithOldStamp(to: Conversation, payload: Payload, age: number): Promise<Outcome>
  /** Blocks the whole process. @returns when it woke, by the shared clock, and what sending then was answered. */
  sleepThenSend(sleep: Sleep): Promise<{ readonly wokeAt: number; readonly outcomes: Outcome[] }>
  /** Sets the clock forwards or back. Only in a process of its own. */
  moveClock(milliseconds: number): Promise<void>
  /** From now on timers fire only at multiples of this, as in a background tab. Only in a process of its own. */
  throttleTimers(milliseconds: number): Promise<void>
  setTyping(to: Conversation, isTyping: boolean): Promise<void>
  unsubscribe(from: Conversation): Promise<void>
  /** Ends all that it has begun. Its socket stays open. */
  unmount(): Promise<void>
  /** Removes all listeners of these events from the socket, as an app's own cleanup may do. @default of all events */
  removeListeners(events?: readonly string[]): Promise<void>
  /** Logs in on the open connection, or out. The app's server has done so when the promise resolves. */
  logIn(user: string): Promise<void>
  logOut(): Promise<void>
  state(): Promise<DeviceState>
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** How many copies of messages with this tag wait in the socket; with `withEngine`, in the engine as well. */
  stored(tag: string, withEngine: boolean): Promise<number>
  close(): Promise<void>
}

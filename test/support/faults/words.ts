import type { Conversation } from '../../../src/core/index.ts'

/** Three ways to carry the same messages over the same sockets. */
export const WAYS = ['ours', 'emit', 'volatile'] as const
export type Way = (typeof WAYS)[number]

/** How a socket reaches its server. */
export type Carrier = 'websocket' | 'polling' | 'upgrade'

/** What every message of a run carries. `word` is looked for wherever something may be kept. */
export interface Payload {
  readonly n: number
  readonly word: string
  /** When it was sent, by the shared clock; written by the sending device. */
  readonly at: number
  readonly padding?: string
}

/** What became of a message, as its sender was told. Plain Socket.IO tells nothing. */
export interface Outcome {
  readonly code: string
  /** How long the answer took. */
  readonly took: number
  readonly recipients?: number | undefined
}

/** What a device tells of itself. `at` is by the shared clock. */
export type DeviceEvent =
  | { readonly kind: 'message'; readonly payload: Payload; readonly at: number }
  | { readonly kind: 'app'; readonly n: number; readonly at: number }
  | { readonly kind: 'typists'; readonly ids: readonly string[]; readonly at: number }

export interface ServerSetup {
  readonly port?: number
  /** A ping every so often, and the patience for its answer. @default Socket.IO's: 25 s and 20 s */
  readonly ping?: number
  /** How long `io.use` takes for clients that ask for it. */
  readonly handshake?: number
  readonly recovery?: 'skip-middlewares' | 'ask-middlewares'
  readonly deliverTo?: 'every-device' | 'active-device'
  readonly countRecipients?: boolean
  /** By so much this process's clocks are wrong, in milliseconds. Only in a process of its own. */
  readonly shift?: number
}

/** What a scenario does to its server, in this process or in another one. */
export interface FaultServer {
  port(): Promise<number>
  /** Ends a user's connections: of the socket alone, or with the engine below it. */
  kick(user: string, how: 'socket' | 'engine', namespace?: string): Promise<void>
  /** Sends messages to a conversation from inside the server, all in one tick, each with one of the app's around it. */
  burst(way: Way, to: Conversation, payloads: readonly Payload[], withApp: boolean): Promise<void>
  /** The app's own emits to a user. */
  app(user: string, numbers: readonly number[]): Promise<void>
  /** Sends at a steady rate from inside the server, to each of them in turn. @returns how many there were in all. */
  load(way: Way, to: readonly Conversation[], word: string, options: Load): Promise<number>
  /** Takes the permission away and revokes it. */
  revoke(user: string): Promise<void>
  /** How many copies of messages with this word are kept; with `below`, waiting in the engine as well. */
  stored(word: string, below: boolean): Promise<number>
  /** How many of the app's own packets the recovery store keeps. */
  kept(): Promise<number>
  /** Bytes in use after a collection. */
  memory(): Promise<number>
  /** Seconds of CPU since the process began. */
  cpu(): Promise<number>
  close(): Promise<void>
}

export interface Load {
  readonly first: number
  readonly bytes: number
  readonly perSecond: number
  readonly milliseconds: number
}

export interface DeviceSetup {
  readonly url: string
  readonly user: string
  readonly way: Way
  readonly carrier: Carrier
  readonly namespace?: string
  readonly hears: readonly Conversation[]
  readonly retries?: boolean
  /** Its handshake is slow on the server's side. */
  readonly slow?: boolean
  /** By so much this process's clocks are wrong, in milliseconds. Only in a process of its own. */
  readonly shift?: number
}

export interface DeviceState {
  readonly connected: boolean
  readonly online: boolean
  readonly recovered: boolean
  readonly transport: string
  /** How often the server has refused its connection. */
  readonly refusals: number
}

/** What a scenario does with a device, in this process or in another one. */
export interface FaultDevice {
  /** Sends all of them in one tick. */
  send(to: Conversation, payloads: readonly Payload[]): Promise<Outcome[]>
  /** The same with the app's own emits before and after. */
  sendBesideApp(to: { user: string }, payloads: readonly Payload[], before: number, after: number): Promise<Outcome[]>
  /** Sleeps, and sends in the tick in which it wakes. The steady clock may stand still meanwhile. */
  sleepThenSend(
    milliseconds: number,
    isSteady: boolean,
    to: Conversation,
    payloads: readonly Payload[],
  ): Promise<Outcome[]>
  /** The clock is set: forwards, or back. Only in a process of its own. */
  setClock(by: number): Promise<void>
  /** From now on timers fire only at multiples of this, as in a background tab. Only in a process of its own. */
  throttle(milliseconds: number): Promise<void>
  type(to: Conversation, isTyping: boolean): Promise<void>
  state(): Promise<DeviceState>
  connect(): Promise<void>
  disconnect(): Promise<void>
  /** Closes the engine below the socket, as a lost connection does. */
  drop(): Promise<void>
  /** How many copies of messages with this word wait in the socket; with `below`, in the engine as well. */
  stored(word: string, below: boolean): Promise<number>
  close(): Promise<void>
}

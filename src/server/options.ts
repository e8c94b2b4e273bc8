import type { Socket } from 'socket.io'
import { createError } from '../core/errors.ts'
import type { Conversation } from '../core/message/conversation.ts'
import { DEFAULT_MAX_AGE, DEFAULT_MAX_BYTES } from '../core/constants.ts'
import type { User } from '../core/message/user.ts'
import type { Bus } from './cluster/bus.ts'

/** What `authorize` has to decide. */
export interface AuthorizationRequest {
  /** Whose request it is, as `identify` returned them. */
  readonly user: User
  /** The conversation. One-to-one, `conversation.user` is the other party. */
  readonly conversation: Conversation
  /**
   * `subscribe` once for each conversation and connection, and again every `reauthorizeInterval`; `send` for every message
   * and every typing lease.
   */
  readonly action: 'send' | 'subscribe'
  /** With `send`: the command of the message; `textInput` is typing. */
  readonly command?: string
}

/** The sockets of a server or of a namespace, with the types of events and `data` that the app has given them. */
export type SocketOf<ServerOrNamespace> = ServerOrNamespace extends { readonly sockets: infer Sockets }
  ? Sockets extends { get(id: string): infer Found }
    ? NonNullable<Found>
    : SocketOf<Sockets>
  : Socket

/** Options of `attachOnlineMessages`. `AppSocket` is the app's socket, with the types of its events and of `data`. */
export interface OnlineMessageServerOptions<AppSocket = Socket> {
  /**
   * Returns whose connection a socket is: an id, a user, or null for nobody. Everything is refused on a connection without
   * a user. Called once for each connection, again by `reidentify()`, and at most once a second when the client of a
   * connection without a user says hello. What it returns depends on your code alone, never on what a client sends to
   * the plug-in (T3). Ids are strings: give `String(id)` of a number or of a database's object. Give a name as well: with an
   * id alone, the badge of a group says "Somebody is typing…".
   *
   * Whatever the connection sends waits for the first answer. So do not wait here for a sign-in: return null, and call
   * `reidentify()` after it.
   */
  readonly identify: (socket: AppSocket) => User | string | null | Promise<User | string | null>
  /**
   * Decides whether a user may send to a conversation or subscribe to it. There is no default: an open server has to say
   * `'anyone'`. Only a strict `true` grants access; throwing or rejecting denies it.
   */
  readonly authorize: 'anyone' | ((request: AuthorizationRequest) => boolean | Promise<boolean>)
  /**
   * Maximum age of a message, in milliseconds. Anything older is dropped at every hop (G1).
   * @default 2000
   */
  readonly maxAge?: number
  /**
   * Maximum size of one message's data, in bytes of UTF-8. Keep it well below Socket.IO's `maxHttpBufferSize`.
   * @default 4096
   */
  readonly maxBytes?: number
  /**
   * Messages and typing leases a second. Twice as many may come at once. Under pressure, messages of low priority are
   * refused first.
   */
  readonly rateLimits?: {
    /**
     * From one connection, a second.
     * @default 100
     */
    readonly perConnection?: number
    /**
     * To one group, a second, from all senders that are connected to the same node.
     * @default 200
     */
    readonly perGroup?: number
  }
  /** How subscribers learn who types. */
  readonly typingUpdates?: {
    /**
     * Least time between two typing updates of a conversation with many subscribers, in milliseconds. With more than 6000
     * subscribers on one node it is longer: a conversation causes at most 6000 updates a second.
     * @default 1000
     */
    readonly batchInterval?: number
    /**
     * The number of subscribers from which `batchInterval` applies. With fewer, every change is sent at once.
     * @default 50
     */
    readonly batchFrom?: number
    /**
     * Maximum number of typists who are named in an update. The others are counted.
     * @default 5
     */
    readonly maxNames?: number
  }
  /**
   * Which devices of a one-to-one receiver get a message and show who types: all that are subscribed, or only the active
   * one, which was last connected, focused or used among them.
   * @default 'every-device'
   */
  readonly deliverTo?: 'every-device' | 'active-device'
  /**
   * How long a permission to subscribe is valid until `authorize` is asked again, in milliseconds, at least 1000;
   * `Infinity` means for ever. `revoke()` takes effect without waiting for it.
   * @default 300000
   */
  readonly reauthorizeInterval?: number
  /**
   * Whether a sender learns to how many devices a message was delivered. Other nodes have 500 ms to count theirs.
   * @default false
   */
  readonly countRecipients?: boolean
  /**
   * What connects the nodes, if there are several: `createRedisBus` of `react-online-message/redis`, `createNatsBus` of
   * `react-online-message/nats`, or your own. All nodes need the same one. The plug-in does not close it.
   * @default the namespace's adapter, if it reaches other nodes: every node then reads what all others publish
   */
  readonly bus?: Bus
}

/** The options with their defaults filled in. */
export interface Settings {
  readonly identify: OnlineMessageServerOptions['identify']
  readonly authorize: (request: AuthorizationRequest) => boolean | Promise<boolean>
  readonly maxAge: number
  readonly maxBytes: number
  readonly perConnection: number
  readonly perGroup: number
  readonly batchInterval: number
  readonly batchFrom: number
  readonly maxNames: number
  readonly activeDeviceOnly: boolean
  readonly reauthorizeInterval: number
  readonly countRecipients: boolean
  readonly bus: Bus | undefined
}

/** Checks the options and fills in the defaults. @throws TypeError, RangeError that say which option and what to give. */
export function readOptions(options: OnlineMessageServerOptions): Settings {
  const {
    identify,
    authorize,
    maxAge = DEFAULT_MAX_AGE,
    maxBytes = DEFAULT_MAX_BYTES,
    rateLimits = {},
    typingUpdates = {},
  } = options
  const { deliverTo = 'every-device', reauthorizeInterval = 300_000, countRecipients = false, bus } = options
  if (typeof identify !== 'function') {
    throw createError(
      TypeError,
      'no-identify',
      'identify is missing. Give a function that returns whose socket it is: (socket) => socket.data.user',
    )
  }
  if (authorize !== 'anyone' && typeof authorize !== 'function') {
    throw createError(
      TypeError,
      'no-authorize',
      "authorize is missing. Give a function: ({ user, conversation }) => isMember(user, conversation), or 'anyone' for an open server.",
    )
  }
  const { perConnection = 100, perGroup = 200 } = rateLimits
  const { batchInterval = 1000, batchFrom = 50, maxNames = 5 } = typingUpdates
  checkRange('maxAge', maxAge, { min: 100, max: 60_000 })
  checkRange('maxBytes', maxBytes, { min: 1, max: 1_000_000 })
  checkRange('rateLimits.perConnection', perConnection, { min: 1, max: 1_000_000 })
  checkRange('rateLimits.perGroup', perGroup, { min: 1, max: 1_000_000 })
  checkRange('typingUpdates.batchInterval', batchInterval, { min: 50, max: 60_000 })
  checkRange('typingUpdates.batchFrom', batchFrom, { min: 1, max: 1_000_000 })
  checkRange('typingUpdates.maxNames', maxNames, { min: 1, max: 100 })
  checkRange('reauthorizeInterval', reauthorizeInterval, { min: 1000, max: Infinity })
  if (!['every-device', 'active-device'].includes(deliverTo)) {
    throw createError(TypeError, 'invalid-option', `deliverTo is ${deliverTo}. Give 'every-device' or 'active-device'.`)
  }
  if (bus !== undefined && (typeof bus.publish !== 'function' || typeof bus.subscribe !== 'function')) {
    throw createError(
      TypeError,
      'invalid-bus',
      'bus has no publish and subscribe. Give what createRedisBus or createNatsBus returns.',
    )
  }
  return {
    identify,
    authorize: authorize === 'anyone' ? () => true : authorize,
    maxAge,
    maxBytes,
    perConnection,
    perGroup,
    batchInterval,
    batchFrom,
    maxNames,
    activeDeviceOnly: deliverTo === 'active-device',
    reauthorizeInterval,
    countRecipients,
    bus,
  }
}

interface Range {
  readonly min: number
  readonly max: number
}

function checkRange(name: string, value: number, { min, max }: Range): void {
  if (value >= min && value <= max) return
  throw createError(RangeError, 'invalid-option', `${name} is ${String(value)}. Give a number from ${min} to ${max}.`)
}

import type { Socket } from 'socket.io'
import type { Conversation } from '../core/message/conversation.ts'
import { DEFAULT_MAX_AGE, DEFAULT_MAX_BYTES } from '../core/constants.ts'
import type { User } from '../core/message/user.ts'

/** What `authorize` is asked. */
export interface AuthorizationRequest {
  /** Who asks, as `identify` has said. */
  readonly user: User
  /** Where; one-to-one, `conversation.user` is the other party. */
  readonly conversation: Conversation
  /** `listen` once per conversation and connection, `send` for every message and every lease of typing. */
  readonly action: 'send' | 'subscribe'
  /** With `send`: the command, `textInput` for typing. */
  readonly command?: string
}

/** What `attachOnlineMessages` takes. */
export interface OnlineMessageServerOptions {
  /**
   * Says whose connection this is: an id, a user, or null for nobody, whose messages are all refused. Asked once per
   * connection. Nothing a client sends can change the answer (T3).
   */
  readonly identify: (socket: Socket) => User | string | null | Promise<User | string | null>
  /**
   * Says whether somebody may send to a conversation or listen to it. There is no default: an open server has to say
   * `'anyone'`. When it throws or rejects the answer is no.
   */
  readonly authorize: 'anyone' | ((request: AuthorizationRequest) => boolean | Promise<boolean>)
  /**
   * A message that has been on its way for longer is dropped at every hop, in milliseconds (G1).
   * @default 2000
   */
  readonly maxAge?: number
  /**
   * Most bytes of one message's data, in UTF-8. Keep it well below Socket.IO's `maxHttpBufferSize`.
   * @default 4096
   */
  readonly maxBytes?: number
  /** Messages and leases of typing a second; twice as many may come at once. Under pressure low priority goes first. */
  readonly rateLimits?: {
    /** @default 100 */
    readonly perConnection?: number
    /**
     * For what is sent by way of one node.
     * @default 200
     */
    readonly perGroup?: number
  }
  /** How typing is told to those who listen. */
  readonly typingUpdates?: {
    /**
     * Least time between two digests of a conversation with many listeners, in milliseconds. With more than 6000 on one
     * node it is as long as 6000 digests a second take.
     * @default 1000
     */
    readonly batchInterval?: number
    /**
     * From so many listeners on `interval` counts; with fewer every change is told at once.
     * @default 50
     */
    readonly batchFrom?: number
    /**
     * Most typists named in a digest; the rest are counted.
     * @default 5
     */
    readonly maxNames?: number
  }
  /**
   * Which devices of a one-to-one receiver get a message, and show who types: all that listen, or only the one that was
   * last connected, focused or used among them.
   * @default 'every-device'
   */
  readonly deliverTo?: 'every-device' | 'active-device'
  /**
   * How long a permission to listen holds until `authorize` is asked again, in milliseconds, 1000 or more; `Infinity` for
   * ever. `revoke()` needs no waiting.
   * @default 300000
   */
  readonly reauthorizeInterval?: number
  /**
   * Whether senders learn how many devices were reached, on all nodes: those that have counted within 500 ms.
   * @default false
   */
  readonly countRecipients?: boolean
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
  const { deliverTo = 'every-device', reauthorizeInterval = 300_000, countRecipients = false } = options
  if (typeof identify !== 'function') {
    throw new TypeError(
      'identify is missing. Give a function that says whose socket it is: (socket) => socket.data.user',
    )
  }
  if (authorize !== 'anyone' && typeof authorize !== 'function') {
    throw new TypeError(
      "authorize is missing. Give a function: ({ user, conversation }) => isMember(user, conversation), or 'anyone' for an open server.",
    )
  }
  const { perConnection = 100, perGroup = 200 } = rateLimits
  const { batchInterval = 1000, batchFrom = 50, maxNames = 5 } = typingUpdates
  inRange('maxAge', maxAge, 100, 60_000)
  inRange('maxBytes', maxBytes, 1, 1_000_000)
  inRange('rateLimits.perConnection', perConnection, 1, 1_000_000)
  inRange('rateLimits.perGroup', perGroup, 1, 1_000_000)
  inRange('typingUpdates.batchInterval', batchInterval, 50, 60_000)
  inRange('typingUpdates.batchFrom', batchFrom, 1, 1_000_000)
  inRange('typingUpdates.maxNames', maxNames, 1, 100)
  inRange('reauthorizeInterval', reauthorizeInterval, 1000, Infinity)
  if (!['every-device', 'active-device'].includes(deliverTo)) {
    throw new TypeError(`deliverTo is ${deliverTo}. Give 'every-device' or 'active-device'.`)
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
  }
}

function inRange(name: string, value: number, least: number, most: number): void {
  if (!(value >= least && value <= most)) {
    throw new RangeError(`${name} is ${String(value)}. Give a number from ${least} to ${most}.`)
  }
}

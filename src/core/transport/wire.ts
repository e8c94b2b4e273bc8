import type { Activity } from '../typing/typing.ts'

/**
 * The words of the Socket.IO wire, as PROTOCOL.md has them, for both ends. Each is an ordinary Socket.IO event of the
 * app's namespace; none ends with a string, which connection-state recovery would take for an offset.
 */

/** Version of the protocol. A server refuses one it does not speak; fields that are not known are ignored. */
export const PROTOCOL_VERSION = 1

/** Socket.IO's own number for a packet with an event. */
export const EVENT_PACKET = 2

/** Socket.IO's own number for a packet with the answer to one. */
export const ACK_PACKET = 3

/** Client to server: version. Answered with the server's time and limits. */
export const HELLO = 'om:hello'

/** Client to server: conversations, and `false` to listen to them no more. */
export const SUBSCRIBE = 'om:subscribe'

/** Client to server: stamp, command, data, conversation, priority. Answered when an acknowledgement is asked for. */
export const SEND = 'om:send'

/** Client to server: stamp, ttl, activity, conversation. Answered only when it is refused. */
export const LEASE = 'om:lease'

/** Client to server, nothing with it: this device is the one in use. Sent when the welcome asks for it. */
export const ACTIVE = 'om:active'

/** Server to client: stamp, conversation, command, data, from. */
export const MESSAGE = 'om:message'

/** Server to client: stamp, conversation, total, typists. */
export const TYPISTS = 'om:typists'

/** Server to client: stamp, conversation, refusal. Listening to it was refused, or has been ended. */
export const REFUSED = 'om:refused'

/** What answers a hello. */
export interface Welcome {
  readonly ok: true
  readonly version: number
  /** The server's clock, in milliseconds since 1970. */
  readonly time: number
  /** What is older is dropped, in milliseconds. */
  readonly maxAge: number
  /** Most bytes of a message's data, in UTF-8. */
  readonly maxBytes: number
  /** Whether the server wants to know which device is in use. */
  readonly tellActive: boolean
}

/** A typist as a digest has it. `activity` is left out when it is typing; `since` is in the server's clock. */
export interface WireTypist {
  readonly id: string
  readonly name?: string | undefined
  readonly avatar?: string | undefined
  readonly activity?: Activity
  readonly since: number
}

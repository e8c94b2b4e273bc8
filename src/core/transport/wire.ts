import type { Activity } from '../typing/typing.ts'

/**
 * The events of the Socket.IO wire, for both ends; PROTOCOL.md describes them. Each is an ordinary Socket.IO event of the
 * app's namespace. The last argument is never a string, because connection-state recovery would take it for an offset.
 */

/** Version of the protocol. A server refuses a version that it does not speak. Both ends ignore unknown fields. */
export const PROTOCOL_VERSION = 1

/** Socket.IO's number for a packet that carries an event. */
export const EVENT_PACKET = 2

/** Socket.IO's number for a packet that acknowledges an event. */
export const ACK_PACKET = 3

/** Client to server: version. The answer has the server's time and limits. */
export const HELLO = 'om:hello'

/** Client to server: conversations to subscribe to; with `false` after them, to unsubscribe from. */
export const SUBSCRIBE = 'om:subscribe'

/** Client to server: stamp, command, data, conversation, priority. Answered if the client asks for an acknowledgement. */
export const SEND = 'om:send'

/** Client to server: stamp, ttl, activity, conversation. Answered only if the lease is refused. */
export const LEASE = 'om:lease'

/** Client to server, without arguments: this is the user's active device. Sent only if the welcome asks for it. */
export const ACTIVE = 'om:active'

/** Server to client: stamp, conversation, command, data, from. */
export const MESSAGE = 'om:message'

/** Server to client: stamp, conversation, total, typists. */
export const TYPISTS = 'om:typists'

/** Server to client: stamp, conversation, failure. The subscription was refused, or has been revoked. */
export const REFUSED = 'om:refused'

/** Server to client: stamp. The connection belongs to another user now, or to nobody: say hello again (I1). */
export const IDENTITY = 'om:identity'

/** The answer to a hello. */
export interface Welcome {
  readonly ok: true
  readonly version: number
  /** The server's clock, in milliseconds since 1970. */
  readonly time: number
  /** Age from which a message has expired and is dropped, in milliseconds. */
  readonly maxAge: number
  /** Most bytes of a message's data, in UTF-8. */
  readonly maxBytes: number
  /** Whether the client has to say when its device becomes the active one. */
  readonly tellActive: boolean
}

/** A typist in a typing update. `activity` is left out when it is typing; `since` is by the server's clock. */
export interface WireTypist {
  readonly id: string
  readonly name?: string | undefined
  readonly avatar?: string | undefined
  readonly activity?: Activity
  readonly since: number
}

import type { SendFailureCode } from '../core/message/send-result.ts'

/** Why something was not delivered: the code of its refusal, or what happened to it without one. */
export type DropReason = Exclude<SendFailureCode, 'timeout' | 'aborted'> | 'expired' | 'slow-reader'

/** The reason that counts for a refusal. */
export function dropReason(code: SendFailureCode): DropReason {
  // A server refuses with `timeout` what is older than `maxAge`, and never with `aborted`.
  return code === 'timeout' || code === 'aborted' ? 'expired' : code
}

/** What `stats()` returns. The first three are of now, the others count since the plug-in was attached. */
export interface Stats {
  /** Connections that have been identified, bots among them. */
  readonly connections: number
  /** Subscriptions of all connections: a conversation counts once for each connection that is subscribed to it. */
  readonly subscriptions: number
  /** Typing leases of connections of this process. */
  readonly leases: number
  /** Messages that were accepted, typing apart. */
  readonly messagesIn: number
  /** Messages that were delivered to devices, typing apart. */
  readonly messagesOut: number
  /** Typing updates that were delivered to devices. */
  readonly typingUpdatesOut: number
  /**
   * What was dropped or refused, by reason: `expired` (older than `maxAge`), `offline` (accepted, but no device was
   * subscribed, and the engine says that no other node read it either), `forbidden`, `invalid`, `too-large`, `rate-limited`, and `slow-reader` (a
   * connection did not read it in time).
   */
  readonly dropped: Readonly<Record<DropReason, number>>
  /** The other nodes, where the adapter reaches some. */
  readonly bus?: BusStats
}

/** What `stats()` returns about the other nodes. The first four are of now. */
export interface BusStats {
  /** Other nodes from which something has arrived within the last minute. Nodes that have nothing to say are silent. */
  readonly nodes: number
  /** Channels to which this node is subscribed: conversations, users, and what people have closed in the last seconds. */
  readonly channels: number
  /** Subscriptions among them that have not taken effect yet. If that stays above 0, the engine does not answer. */
  readonly pending: number
  /** Typing leases of other nodes, in the conversations that this node reads. */
  readonly leases: number
  /** Online messages that came from them. Deliveries to devices of this node count in `messagesOut` above. */
  readonly messagesIn: number
  /** Online messages that were published to them; each counts once, for any number of nodes. */
  readonly messagesOut: number
  /** Messages of other nodes, of any kind, that came twice, or whose age could not be told. */
  readonly dropped: number
}

/** The counters of the bus. */
export interface BusCounters {
  messagesIn: number
  messagesOut: number
}

export const createBusCounters = (): BusCounters => ({ messagesIn: 0, messagesOut: 0 })

/** The counters of one server. */
export interface Counters {
  messagesIn: number
  messagesOut: number
  typingUpdatesOut: number
  leases: number
  readonly dropped: Record<DropReason, number>
}

export const createCounters = (): Counters => ({
  messagesIn: 0,
  messagesOut: 0,
  typingUpdatesOut: 0,
  leases: 0,
  dropped: {
    expired: 0,
    offline: 0,
    forbidden: 0,
    invalid: 0,
    'too-large': 0,
    'rate-limited': 0,
    'slow-reader': 0,
  },
})

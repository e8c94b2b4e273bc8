/** Why something was not delivered. */
export type DropReason = 'late' | 'offline' | 'forbidden' | 'invalid' | 'tooLarge' | 'limited' | 'slowReader'

/** What `stats()` tells. The first three are of now, the others count since the plug-in was attached. */
export interface Stats {
  /** Connections that have been identified, bots among them. */
  readonly connections: number
  /** Conversations that are listened to, each counted once for every connection that does. */
  readonly subscriptions: number
  /** Leases of typing that are held for connections of this process. */
  readonly leases: number
  /** Messages that came in and were accepted, typing apart. */
  readonly messagesIn: number
  /** Messages handed to devices, typing apart. */
  readonly messagesOut: number
  /** Digests of typing handed to devices. */
  readonly typingUpdatesOut: number
  /**
   * What was dropped, by reason: `late` (older than `maxAge`), `offline` (accepted, and nobody was there, nor any other
   * node), `forbidden`, `invalid`, `tooLarge`, `limited`, and `slowReader` (could not be written in time to a connection
   * that does not read).
   */
  readonly dropped: Readonly<Record<DropReason, number>>
  /** The way to the other nodes, where the adapter has one. */
  readonly bus?: BusStats
}

/** What `stats()` tells of the other nodes. The first two are of now. */
export interface BusStats {
  /** Other nodes that are there. */
  readonly nodes: number
  /** Leases of typing that are held on them. */
  readonly leases: number
  /** Online messages that came from them. What was handed to devices here counts in `messagesOut` of all. */
  readonly messagesIn: number
  /** Online messages that were told to them, each once for however many nodes. */
  readonly messagesOut: number
  /** What other nodes said, of whatever kind, and never came: Redis was down, say. */
  readonly lost: number
}

/** The counters of the bus, to be counted up. */
export interface BusCounters {
  messagesIn: number
  messagesOut: number
}

export const createBusCounters = (): BusCounters => ({ messagesIn: 0, messagesOut: 0 })

/** The counters, to be counted up. */
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
  dropped: { late: 0, offline: 0, forbidden: 0, invalid: 0, tooLarge: 0, limited: 0, slowReader: 0 },
})

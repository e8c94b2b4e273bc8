import createDebug from 'debug'
import type { Conversation } from '../core/message/conversation.ts'
import type { DropReason } from './stats.ts'

/** What happened to one message, subscription or typing lease, for the log. Never its content. */
export interface LogEntry {
  /** What was dropped or refused, or has expired: "message refused", for example. */
  readonly event: string
  readonly reason: DropReason
  /** The user's id; `undefined` while the connection is not identified. */
  readonly user: string | undefined
  /** `undefined` where the packet named none that could be parsed. */
  readonly conversation: Conversation | undefined
}

/** Writes one line if its part of the log is enabled. */
export type Log = (entry: LogEntry) => void

/**
 * Makes one part of the log. `DEBUG=react-online-message:*` enables all parts, `DEBUG=react-online-message:delivery` one
 * of them. While it is disabled an entry costs a look at a flag.
 */
function createLog(part: string): Log {
  const write = createDebug(`react-online-message:${part}`)
  return (entry) => {
    if (!write.enabled) return
    const { event, reason, user, conversation } = entry
    const who = user === undefined ? 'a connection without a user' : `user ${JSON.stringify(user)}`
    const where = conversation === undefined ? '' : ` in ${JSON.stringify(conversation)}`
    write('%s (%s): %s%s', event, reason, who, where)
  }
}

/** Packets that were refused before anything was done with them, and readers that are too slow. */
export const logConnections: Log = createLog('connections')

/** Messages and subscriptions. */
export const logDelivery: Log = createLog('delivery')

/** Typing leases. */
export const logTyping: Log = createLog('typing')

/** Messages and leases from other nodes. */
export const logCluster: Log = createLog('cluster')

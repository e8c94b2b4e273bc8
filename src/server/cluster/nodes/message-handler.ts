import type { BusMessage, Snapshot, SnapshotEntry } from './bus-message.ts'
import type { PeerNode, TimedMessage } from './peer.ts'

/** When a message was sent. */
export interface SentAt {
  /** By our clock, in milliseconds. */
  readonly time: number
  /** By how much `time` can be wrong, in milliseconds. */
  readonly errorBound: number
  /** Older than `maxAge`. */
  readonly expired: boolean
}

/** The kinds of message that have a handler. `nodes.ts` reads the others itself. */
export type HandledKind = Exclude<TimedMessage, Snapshot>['kind']

type MessagesByKind = { readonly [Kind in HandledKind]: Extract<BusMessage, { kind: Kind }> }

/** Handles one kind of message. */
export interface MessageHandler<Kind extends HandledKind = HandledKind> {
  receive(node: PeerNode, message: MessagesByKind[Kind], sentAt: SentAt): void
  /** What a node that has missed something has to know. */
  snapshot?(): Iterable<SnapshotEntry>
  /** Another node's snapshot: what that node had and is not in it has ended. */
  restore?(node: PeerNode, entries: readonly MessagesByKind[Kind][]): void
  /** A node is down: everything it had is void. */
  nodeDown?(node: PeerNode): void
}

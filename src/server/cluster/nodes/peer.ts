import type { BusMessage, Heartbeat, Leave } from './bus-message.ts'
import { createMessageBuffer, type MessageBuffer } from './message-buffer.ts'
import { createNodeClock, type NodeClock } from './node-clock.ts'
import { createSequence, type Sequence } from './sequence.ts'
import { createSnapshotReader, type SnapshotReader } from './snapshot.ts'

/** Another process on the bus. */
export interface PeerNode {
  readonly id: string
  readonly clock: NodeClock
  /** A message of it was lost, or arrived expired. It is asked for a snapshot. */
  needsSync: boolean
}

/** The messages that mean nothing before the clock of their node is known. */
export type TimedMessage = Exclude<BusMessage, Heartbeat | Leave>

/** All that this node remembers of another one. */
export interface Peer extends PeerNode {
  readonly sequence: Sequence
  readonly buffer: MessageBuffer<TimedMessage>
  readonly snapshotReader: SnapshotReader
  isAlive: boolean
  lastHeardAt: number
  /** When its latest message was sent, by its clock, and when that message arrived, by ours. */
  latestSentAt: number
  latestReceivedAt: number
  /** When our latest heartbeat with an echo for it was sent. */
  echoedAt: number
  /** When it was last asked for a snapshot. */
  snapshotRequestedAt: number
}

export const createPeer = (id: string): Peer => ({
  id,
  clock: createNodeClock(),
  needsSync: true,
  sequence: createSequence(),
  buffer: createMessageBuffer(),
  snapshotReader: createSnapshotReader(),
  isAlive: false,
  lastHeardAt: 0,
  latestSentAt: 0,
  latestReceivedAt: 0,
  echoedAt: 0,
  snapshotRequestedAt: 0,
})

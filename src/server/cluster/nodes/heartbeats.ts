import { serverNow } from '../../clock.ts'
import type { Heartbeat } from './bus-message.ts'
import { HEARTBEAT_INTERVAL, type Membership } from './membership.ts'
import type { Peer } from './peer.ts'

/** Least time between a heartbeat and one that somebody needs at once, in milliseconds. */
const MIN_HEARTBEAT_GAP = 20

/** Least time between two snapshot requests to one node, in milliseconds. */
const REQUEST_AGAIN_AFTER = 200

/** Most nodes whose latest message one heartbeat echoes. */
const MAX_ECHOES = 16

/** Publishes a heartbeat now and then, with the snapshot requests and the echoes that are due. */
export interface Heartbeats {
  send(): void
  /** Somebody needs a heartbeat at once. Several who need one share it. */
  sendSoon(): void
  sendIfDue(now: number): void
  /** Asks a node for a snapshot if something of it is missing, unless that has just been done. */
  requestSnapshotIfNeeded(peer: Peer, now: number): void
  stop(): void
}

export function createHeartbeats(membership: Membership, publish: (heartbeat: Heartbeat) => void): Heartbeats {
  let sentAt = 0
  let timer: NodeJS.Timeout | undefined

  /** The answer to a request also has an echo, from which its clock is learnt. */
  const needsRequest = ({ needsSync, clock }: Peer) => needsSync || !clock.isKnown()

  function send(): void {
    clearTimeout(timer)
    timer = undefined
    sentAt = serverNow()
    const alive = membership.alive()
    const requested = alive.filter(needsRequest)
    for (const peer of requested) peer.snapshotRequestedAt = sentAt
    const echoed = alive.sort((a, b) => a.echoedAt - b.echoedAt).slice(0, MAX_ECHOES)
    for (const peer of echoed) peer.echoedAt = sentAt
    publish({
      kind: 'heartbeat',
      snapshotRequests: requested.map(({ id }) => id),
      echoes: echoed.map(({ id, latestSentAt, latestReceivedAt }) => ({
        node: id,
        sentAt: latestSentAt,
        heldFor: sentAt - latestReceivedAt,
      })),
    })
  }

  function sendSoon(): void {
    timer ??= setTimeout(send, Math.max(0, sentAt + MIN_HEARTBEAT_GAP - serverNow())).unref()
  }

  return {
    send,
    sendSoon,
    sendIfDue(now) {
      const isAlone = membership.alive().length === 0
      if (isAlone || now - sentAt >= HEARTBEAT_INTERVAL) send()
    },
    requestSnapshotIfNeeded(peer, now) {
      if (needsRequest(peer) && now - peer.snapshotRequestedAt > REQUEST_AGAIN_AFTER) sendSoon()
    },
    stop() {
      clearTimeout(timer)
    },
  }
}

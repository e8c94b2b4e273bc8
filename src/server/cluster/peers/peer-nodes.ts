import { serverNow } from '../../clock.ts'
import { createNodeClock, type NodeClock } from './node-clock.ts'
import { createSeenNumbers, type SeenNumbers } from './seen-numbers.ts'

/** How long a node is remembered that publishes nothing, in milliseconds. */
const FORGET_AFTER = 600_000

/** Most nodes that are remembered. A broken one that takes a new name all the time cannot make this one remember more. */
const MAX_NODES = 10_000

/** By how much the wall clock may move against the steady one before this machine must have slept, in milliseconds. */
const SLEEP_TOLERANCE = 250

/** Another node, from which something has arrived. */
export interface PeerNode {
  readonly id: string
  readonly clock: NodeClock
  readonly seen: SeenNumbers
  lastHeardAt: number
  /** When its clock was last asked for. */
  clockAskedAt: number
}

/** The nodes from which something has arrived lately. */
export interface PeerNodes {
  /** A message of this node has arrived. `undefined` if too many nodes are remembered. */
  heard(id: string): PeerNode | undefined
  /** How many nodes were heard within the last minute. */
  count(): number
}

/** @param maxAge messages that are older have expired, in milliseconds. */
export function createPeerNodes(maxAge: number): PeerNodes {
  const peers = new Map<string, PeerNode>()
  /** K1: a quarter of `maxAge`, as for clients. */
  const maxClockError = maxAge / 4
  let wallClockAhead = Date.now() - serverNow()

  /**
   * The steady clock stands still while a machine sleeps, and the wall clock does not. What is known of other clocks is
   * void then: messages that have waited in the socket would look younger than they are (G1).
   */
  function forgetClocksAfterSleep(): void {
    const ahead = Date.now() - serverNow()
    if (Math.abs(ahead - wallClockAhead) <= SLEEP_TOLERANCE) return
    wallClockAhead = ahead
    for (const { clock } of peers.values()) clock.forget()
  }

  function forgetSilent(now: number): void {
    for (const peer of peers.values()) if (now - peer.lastHeardAt > FORGET_AFTER) peers.delete(peer.id)
  }

  function add(id: string, now: number): PeerNode | undefined {
    forgetSilent(now)
    if (peers.size >= MAX_NODES) return undefined
    const peer: PeerNode = {
      id,
      clock: createNodeClock(maxClockError),
      seen: createSeenNumbers(2 * maxAge),
      lastHeardAt: now,
      clockAskedAt: -Infinity,
    }
    peers.set(id, peer)
    return peer
  }

  return {
    heard(id) {
      forgetClocksAfterSleep()
      const now = serverNow()
      const peer = peers.get(id) ?? add(id, now)
      if (peer) peer.lastHeardAt = now
      return peer
    },
    count() {
      const aMinuteAgo = serverNow() - 60_000
      let count = 0
      for (const { lastHeardAt } of peers.values()) if (lastHeardAt > aMinuteAgo) count++
      return count
    },
  }
}

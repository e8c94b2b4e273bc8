import { serverNow } from '../../clock.ts'
import { createPeer, type Peer } from './peer.ts'

/** How often a node publishes a heartbeat, in milliseconds. */
export const HEARTBEAT_INTERVAL = 2000

/** A node that is silent for longer is down, or the bus is, in milliseconds. Two heartbeats may be lost. */
export const NODE_TIMEOUT = 5000

/** How often `check` is to be called, in milliseconds. */
export const CHECK_INTERVAL = 500

/**
 * How long the clock and the numbers of a silent node are kept, in milliseconds: its messages may still be on their
 * way.
 */
const FORGET_AFTER = 600_000

const MAX_NODES = 1000

/** Knows which other nodes there are, and which of them are alive. */
export interface Membership {
  /** Every known node, alive or not. */
  all(): Iterable<Peer>
  alive(): Peer[]
  find(id: string): Peer | undefined
  /** `undefined` if too many nodes are known. */
  addNode(id: string): Peer | undefined
  /** A message of this node has arrived. */
  markAlive(peer: Peer, now: number): void
  /** A node says that it closes. */
  removeNode(peer: Peer): void
  /** Finds the nodes that have been silent for too long. */
  check(now: number): void
}

/** @param onDown is called when a node is down: everything it had is void. */
export function createMembership(onDown: (peer: Peer) => void): Membership {
  const peers = new Map<string, Peer>()
  let checkedAt = serverNow()

  function markDown(peer: Peer): void {
    peer.isAlive = false
    peer.needsSync = true
    peer.buffer.drain()
    onDown(peer)
  }

  return {
    all: () => peers.values(),
    alive: () => [...peers.values()].filter(({ isAlive }) => isAlive),
    find: (id) => peers.get(id),
    addNode(id) {
      if (peers.size >= MAX_NODES) return undefined
      const peer = createPeer(id)
      peers.set(id, peer)
      return peer
    },
    markAlive(peer, now) {
      peer.isAlive = true
      peer.lastHeardAt = now
    },
    removeNode(peer) {
      markDown(peer)
      peers.delete(peer.id)
    },
    check(now) {
      // While this process stood still it read nothing: that time is not the silence of others.
      const stoodStill = Math.max(0, now - checkedAt - 2 * CHECK_INTERVAL)
      checkedAt = now
      for (const peer of peers.values()) {
        peer.lastHeardAt += stoodStill
        const silence = now - peer.lastHeardAt
        if (silence > FORGET_AFTER) peers.delete(peer.id)
        else if (peer.isAlive && silence > NODE_TIMEOUT) markDown(peer)
      }
    },
  }
}

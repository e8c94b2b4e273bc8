import { serverNow } from '../clock.ts'
import type { Revocation } from '../revocation.ts'
import type { RevocationNotice } from './nodes/bus-message.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/**
 * How long a revocation is part of this node's snapshots, in milliseconds. After `reauthorizeInterval`, 5 minutes by
 * default, every node has asked `authorize` again anyway.
 */
const KEEP_FOR = 600_000

const MAX_KEPT = 1000

/** Revocations to and from other nodes. */
export interface RemoteRevocations {
  readonly handler: MessageHandler<'revocation'>
  publish(revocation: Revocation): void
}

/**
 * A revocation is the only message that counts however late and however often it arrives. It spares the subscriptions
 * and leases that began after it, because `authorize` has allowed those since.
 *
 * @param revokeLocally ends the subscriptions and leases of a user on this node that began before a time by our clock.
 */
export function createRemoteRevocations(
  nodes: Nodes,
  revokeLocally: (revocation: Revocation, before: number) => void,
): RemoteRevocations {
  let kept: readonly RevocationNotice[] = []

  function receive(node: PeerNode, { at, user, conversation }: RevocationNotice): void {
    const revokedAt = node.clock.toLocal(at)
    if (revokedAt === undefined) return
    revokeLocally({ user, conversation }, revokedAt + node.clock.errorBound())
  }

  return {
    publish({ user, conversation }) {
      const now = serverNow()
      const notice: RevocationNotice = { kind: 'revocation', at: now, user, conversation }
      const recent = kept.filter(({ at }) => now - at <= KEEP_FOR)
      kept = [...recent, notice].slice(-MAX_KEPT)
      nodes.publish(notice)
    },
    handler: {
      receive,
      snapshot: () => kept,
      restore(node, notices) {
        for (const notice of notices) receive(node, notice)
      },
    },
  }
}

import { serverNow } from '../clock.ts'
import type { Revocation } from '../revocation.ts'
import { createKeptNotices } from './kept-notices.ts'
import type { RevocationNotice } from './nodes/bus-message.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/** Revocations to and from other nodes. */
export interface RemoteRevocations {
  readonly handler: MessageHandler<'revocation'>
  publish(revocation: Revocation): void
}

/**
 * A revocation counts however late and however often it arrives. It spares the subscriptions and leases that began after
 * it, because `authorize` has allowed those since.
 *
 * @param revokeLocally ends the subscriptions and leases of a user on this node that began before a time by our clock.
 */
export function createRemoteRevocations(
  nodes: Nodes,
  revokeLocally: (revocation: Revocation, before: number) => void,
): RemoteRevocations {
  // After `reauthorizeInterval`, 5 minutes by default, every node has asked `authorize` again anyway.
  const kept = createKeptNotices<RevocationNotice>()

  function receive(node: PeerNode, { at, user, conversation }: RevocationNotice): void {
    const revokedAt = node.clock.toLocal(at)
    if (revokedAt === undefined) return
    revokeLocally({ user, conversation }, revokedAt + node.clock.errorBound())
  }

  return {
    publish({ user, conversation }) {
      const notice: RevocationNotice = { kind: 'revocation', at: serverNow(), user, conversation }
      kept.add(notice)
      nodes.publish(notice)
    },
    handler: {
      receive,
      snapshot: kept.all,
      restore(node, notices) {
        for (const notice of notices) receive(node, notice)
      },
    },
  }
}

import { serverNow } from '../clock.ts'
import type { Reidentification } from '../reidentification.ts'
import { createKeptNotices } from './kept-notices.ts'
import type { ReidentificationNotice } from './nodes/bus-message.ts'
import type { MessageHandler } from './nodes/message-handler.ts'
import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/** Asks other nodes to look again at who a user's connections are, and is asked by them. */
export interface RemoteReidentifications {
  readonly handler: MessageHandler<'reidentification'>
  publish(userId: string): void
}

/**
 * Like a revocation, it counts however late and however often it arrives: the user may have been logged out. It spares
 * the connections about which `identify` has been asked since.
 */
export function createRemoteReidentifications(
  nodes: Nodes,
  reidentifyLocally: (reidentification: Reidentification) => void,
): RemoteReidentifications {
  const kept = createKeptNotices<ReidentificationNotice>()

  function receive(node: PeerNode, { at, user }: ReidentificationNotice): void {
    const requestedAt = node.clock.toLocal(at)
    if (requestedAt === undefined) return
    reidentifyLocally({ user, before: requestedAt + node.clock.errorBound() })
  }

  return {
    publish(userId) {
      const notice: ReidentificationNotice = { kind: 'reidentification', at: serverNow(), user: userId }
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

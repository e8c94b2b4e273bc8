import { parseConversation } from '../../core/message/conversation.ts'
import { serverNow } from '../clock.ts'
import type { Revocation } from '../revocation.ts'
import type { Node, Nodes, Topic } from './nodes.ts'

/** For so long a revocation is told again to a node that has missed something, in milliseconds. `recheck` is shorter. */
const KEPT = 600_000

const MAX_KEPT = 1000

/** Revocations on other nodes. */
export interface RemoteRevocations {
  readonly topic: Topic
  announce(revocation: Revocation): void
}

/**
 * A revocation is the one thing that counts however late and however often it comes: what the user began to hear or to
 * type after it stays, because `authorize` has said yes to that since.
 *
 * @param revoke ends what a user heard and typed on this node by then.
 */
export function createRemoteRevocations(
  nodes: Nodes,
  revoke: (revocation: Revocation, before: number) => void,
): RemoteRevocations {
  let made: { readonly at: number; readonly payload: readonly unknown[] }[] = []

  function receive(node: Node, [stamp, user, where]: readonly unknown[]): void {
    if (typeof stamp !== 'number' || typeof user !== 'string') return
    const at = node.clock.toOurs(stamp)
    const conversation = parseConversation(where)
    if (at === undefined || (where !== null && !conversation)) return
    revoke({ user, conversation }, at + node.clock.margin())
  }

  return {
    announce({ user, conversation }) {
      const at = serverNow()
      const payload = [at, user, conversation ?? null]
      made = [...made.filter((one) => at - one.at <= KEPT).slice(1 - MAX_KEPT), { at, payload }]
      nodes.emit('revoke', ...payload)
    },
    topic: {
      receive,
      all: () => made.map(({ payload }) => payload),
      replace(node, payloads) {
        for (const payload of payloads) receive(node, payload)
      },
    },
  }
}

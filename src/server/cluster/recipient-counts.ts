import type { Nodes } from './nodes/nodes.ts'
import type { PeerNode } from './nodes/peer.ts'

/** How long a sender waits until the other nodes have counted, in milliseconds. */
const COUNT_TIMEOUT = 500

/** Counts the devices of other nodes that receive a message (`countRecipients`). */
export interface RecipientCounts {
  /**
   * Begins to count the recipients of one message.
   *
   * @returns `id`, under which the other nodes answer, and the sum of the answers that arrive in time; `undefined` if
   *   there is no node to wait for.
   */
  begin(): { readonly id: number; readonly recipients: Promise<number> | undefined }
  /** A node has counted. */
  add(node: PeerNode, id: number, recipients: number): void
  /** A node is down: nobody waits for it any more. */
  nodeDown(node: PeerNode): void
}

interface Count {
  /** The nodes that have not answered yet. */
  readonly waitingFor: Set<PeerNode>
  recipients: number
  finish(): void
}

export function createRecipientCounts(nodes: Nodes): RecipientCounts {
  const counts = new Map<number, Count>()
  /** Nodes that did not answer in time. Nobody waits for them until they answer again. */
  const slowNodes = new WeakSet<PeerNode>()
  let latestId = 0

  function stopWaiting(count: Count, node: PeerNode): void {
    if (count.waitingFor.delete(node) && count.waitingFor.size === 0) count.finish()
  }

  return {
    begin() {
      latestId++
      const id = latestId
      const waitingFor = new Set(nodes.alive().filter((node) => !slowNodes.has(node)))
      if (waitingFor.size === 0) return { id, recipients: undefined }
      const recipients = new Promise<number>((resolve) => {
        const timer = setTimeout(() => count.finish(), COUNT_TIMEOUT).unref()
        const count: Count = {
          waitingFor,
          recipients: 0,
          finish() {
            clearTimeout(timer)
            counts.delete(id)
            for (const node of waitingFor) slowNodes.add(node)
            resolve(count.recipients)
          },
        }
        counts.set(id, count)
      })
      return { id, recipients }
    },
    add(node, id, recipients) {
      slowNodes.delete(node)
      const count = counts.get(id)
      if (!count?.waitingFor.has(node)) return
      count.recipients += recipients
      stopWaiting(count, node)
    },
    nodeDown(node) {
      for (const count of counts.values()) stopWaiting(count, node)
    },
  }
}

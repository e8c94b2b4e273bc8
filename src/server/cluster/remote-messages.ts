import { isCommand } from '../../core/message/commands.ts'
import { parseConversation } from '../../core/message/conversation.ts'
import { parseUser, type User } from '../../core/message/user.ts'
import { serverNow } from '../clock.ts'
import type { Node, Nodes, Topic } from './nodes.ts'
import type { BusCounters, Counters } from '../stats.ts'
import type { OutgoingDelivery } from '../messages.ts'

/** How long a sender waits for other nodes to count, in milliseconds. */
const COUNT_WITHIN = 500

/** The longest data there can be, in UTF-16 code units: the most that `maxBytes` allows. */
const MAX_DATA = 1_000_000

/** Messages to and from the devices of other nodes. */
export interface RemoteMessages {
  readonly topics: { readonly say: Topic; readonly reached: Topic }
  /**
   * Tells the other nodes, once.
   *
   * @returns with `countRecipients`, how many of their devices were reached: what has answered in time counts.
   */
  say(user: User, message: OutgoingDelivery): Promise<number> | undefined
}

/** Who is waited for, and what they have counted. */
interface Count {
  readonly left: Set<Node>
  devices: number
  done(): void
}

/**
 * @param deliverLocally gives a message to those of this node's devices that were listening by then, and says how many.
 */
export function createRemoteMessages(
  nodes: Nodes,
  maxAge: number,
  countRecipients: boolean,
  counters: Counters,
  counted: BusCounters,
  deliverLocally: (user: User, message: OutgoingDelivery, subscribedBefore: number) => number,
): RemoteMessages {
  const counts = new Map<number, Count>()
  /** Did not count in time: not waited for until they do. */
  const slow = new WeakSet<Node>()
  let asks = 0

  const strike = (count: Count, node: Node) => {
    if (count.left.delete(node) && !count.left.size) count.done()
  }

  return {
    say(user, { at, command, data, conversation }) {
      const ask = countRecipients ? ++asks : 0
      counted.messagesOut++
      nodes.emit('say', ask, at, user, conversation, command, data)
      const left = new Set(nodes.there().filter((node) => !slow.has(node)))
      if (!ask || !left.size) return undefined
      return new Promise((resolve) => {
        const timer = setTimeout(() => count.done(), COUNT_WITHIN).unref()
        const count: Count = {
          left,
          devices: 0,
          done() {
            clearTimeout(timer)
            counts.delete(ask)
            for (const node of left) slow.add(node)
            resolve(count.devices)
          },
        }
        counts.set(ask, count)
      })
    },
    topics: {
      say: {
        receive(node, [ask, stamp, from, where, command, data], moment) {
          const user = parseUser(from)
          const conversation = parseConversation(where)
          if (!user || !conversation || typeof stamp !== 'number' || !Number.isFinite(stamp)) return
          if (!isCommand(command)) return
          if (typeof data !== 'string' || data.length > MAX_DATA) return
          counted.messagesIn++
          const now = serverNow()
          // A stamp from the future would outlive `maxAge`.
          const at = Math.min(now, node.clock.toOurs(stamp) ?? -Infinity)
          let devices = 0
          // Who began to listen after it was sent does not get it (G2).
          if (now - at <= maxAge)
            devices = deliverLocally(user, { at, command, data, conversation }, moment.at + moment.margin)
          else counters.dropped.expired++
          if (ask) nodes.emit('reached', node.id, ask, devices)
        },
      },
      reached: {
        receive(node, [to, ask, devices]) {
          if (to !== nodes.id || typeof ask !== 'number') return
          slow.delete(node)
          const count = counts.get(ask)
          if (!count?.left.has(node)) return
          if (Number.isSafeInteger(devices)) count.devices += Math.max(0, devices as number)
          strike(count, node)
        },
        forget(node) {
          for (const count of counts.values()) strike(count, node)
        },
      },
    },
  }
}

import { serverNow } from '../clock.ts'
import type { NodeLink, Receive } from './peers/node-link.ts'

/** How long a channel is kept that nobody wants any more, in milliseconds: people go back and forth. */
const LINGER = 5000

/** How often channels are looked for that have lingered for long enough, in milliseconds. */
const CHECK_INTERVAL = 1000

/** What is done with a channel while this node is subscribed to it. */
export interface ChannelUse {
  readonly receive: Receive
  /**
   * The subscription has taken effect: whatever is published from now on arrives.
   *
   * @param isAgain after messages may have been lost.
   */
  onActive(isAgain: boolean): void
  /** This node has unsubscribed. */
  onEnd?(): void
}

/** The channels to which this node is subscribed. A channel is kept for a while after it is not wanted any more. */
export interface ChannelSubscriptions {
  /** @param makeUse is called only if this node is not subscribed already. */
  want(channel: string, makeUse: () => ChannelUse): void
  unwant(channel: string): void
  /** Whether the subscription has taken effect. */
  isActive(channel: string): boolean
  /** How many channels there are, and how many of these subscriptions have not taken effect yet. */
  count(): { readonly channels: number; readonly pending: number }
  close(): void
}

interface Subscription {
  readonly use: ChannelUse
  unsubscribe(): void
  isActive: boolean
  /** When it was unwanted; `undefined` while it is wanted. */
  unwantedAt: number | undefined
}

export function createChannelSubscriptions(link: NodeLink): ChannelSubscriptions {
  const subscriptions = new Map<string, Subscription>()
  const lingering = new Set<string>()
  let timer: NodeJS.Timeout | undefined

  function end(channel: string): void {
    const subscription = subscriptions.get(channel)
    lingering.delete(channel)
    subscriptions.delete(channel)
    subscription?.unsubscribe()
    subscription?.use.onEnd?.()
  }

  function endLingering(): void {
    timer = undefined
    const endBefore = serverNow() - LINGER
    for (const channel of lingering) {
      const unwantedAt = subscriptions.get(channel)?.unwantedAt ?? 0
      if (unwantedAt <= endBefore) end(channel)
    }
    checkLater()
  }

  function checkLater(): void {
    if (lingering.size > 0) timer ??= setTimeout(endLingering, CHECK_INTERVAL).unref()
  }

  return {
    want(channel, makeUse) {
      const known = subscriptions.get(channel)
      if (known) {
        known.unwantedAt = undefined
        lingering.delete(channel)
        return
      }
      const use = makeUse()
      const onActive = () => {
        const isAgain = subscription.isActive
        subscription.isActive = true
        use.onActive(isAgain)
      }
      const subscription: Subscription = {
        use,
        unsubscribe: link.subscribe(channel, use.receive, onActive),
        isActive: false,
        unwantedAt: undefined,
      }
      subscriptions.set(channel, subscription)
    },
    unwant(channel) {
      const subscription = subscriptions.get(channel)
      if (!subscription || subscription.unwantedAt !== undefined) return
      subscription.unwantedAt = serverNow()
      lingering.add(channel)
      checkLater()
    },
    isActive: (channel) => subscriptions.get(channel)?.isActive === true,
    count() {
      let pending = 0
      for (const { isActive } of subscriptions.values()) if (!isActive) pending++
      return { channels: subscriptions.size, pending }
    },
    close() {
      clearTimeout(timer)
      for (const channel of [...subscriptions.keys()]) end(channel)
    },
  }
}

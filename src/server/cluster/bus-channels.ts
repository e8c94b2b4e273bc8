import { addTo, includes, itemsOf, removeFrom, type SmallSet } from '../devices/small-set.ts'
import type { Bus } from './bus.ts'

/** What a bus does with one channel on its engine. */
export interface ChannelEngine {
  /** Begins to subscribe. `onActive` follows, not within this call. */
  open(channel: string): void
  close(channel: string): void
  /** Whether messages on an open channel arrive now. */
  isActive(channel: string): boolean
}

/** The subscriptions of one process. The engine has one for each channel, however many there are here. */
export interface BusChannels {
  readonly subscribe: Bus['subscribe']
  onMessage(channel: string, message: string): void
  /** The engine has confirmed a channel, for the first time or again. */
  onActive(channel: string): void
  names(): Iterable<string>
}

interface Subscription {
  readonly onMessage: (message: string) => void
  readonly onActive: () => void
}

export function createBusChannels(engine: ChannelEngine): BusChannels {
  const channels = new Map<string, SmallSet<Subscription>>()

  const isSubscribed = (channel: string, subscription: Subscription) => includes(channels.get(channel), subscription)

  const each = (channel: string, call: (subscription: Subscription) => void) => {
    for (const subscription of itemsOf(channels.get(channel))) {
      // One of them may have unsubscribed another one.
      if (isSubscribed(channel, subscription)) call(subscription)
    }
  }

  function remove(channel: string, subscription: Subscription): void {
    if (!isSubscribed(channel, subscription)) return
    const others = removeFrom(channels.get(channel), subscription)
    if (others) {
      channels.set(channel, others)
      return
    }
    channels.delete(channel)
    engine.close(channel)
  }

  return {
    subscribe(channel, onMessage, onActive) {
      const subscription: Subscription = { onMessage, onActive }
      const isFirst = !channels.has(channel)
      channels.set(channel, addTo(channels.get(channel), subscription))
      if (isFirst) engine.open(channel)
      if (engine.isActive(channel)) {
        queueMicrotask(() => {
          if (isSubscribed(channel, subscription)) onActive()
        })
      }
      return () => remove(channel, subscription)
    },
    onMessage: (channel, message) => each(channel, ({ onMessage }) => onMessage(message)),
    onActive: (channel) => each(channel, ({ onActive }) => onActive()),
    names: () => channels.keys(),
  }
}

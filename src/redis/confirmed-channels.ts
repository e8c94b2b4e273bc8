import type { Connection } from './connection.ts'

/** How long after a refused command it is tried again, in milliseconds. */
const RETRY_DELAY = 200

/** How often unsubscribing is tried again. After that the app has probably closed its client. */
const UNSUBSCRIBE_RETRIES = 50

/** The two kinds of Redis pub/sub. A message published with one does not reach subscribers of the other. */
export type PubSub = 'sharded' | 'plain'

/** The subscriptions of one connection, each as the server has confirmed it. */
export interface ConfirmedChannels {
  add(channel: string): void
  remove(channel: string): void
  isActive(channel: string): boolean
  /** Lets the server confirm every channel once more: messages may have been lost. */
  confirmAll(): void
  /** Decides which command subscribes. Before this nothing is sent. */
  use(pubSub: PubSub): void
  /** From now on nothing is called and nothing is sent. */
  stop(): void
}

export interface ConfirmedChannelsOptions {
  readonly connection: Pick<Connection, 'subscribe' | 'unsubscribe'>
  /** The server has confirmed a channel, for the first time or again. */
  readonly onActive: (channel: string) => void
  /** The server has refused a channel. */
  readonly onError: (channel: string, error: unknown) => void
}

interface Channel {
  isWanted: boolean
  /** A command is under way. There is one at a time for each channel, so that the last one decides. */
  isBusy: boolean
  /** How it is subscribed on the server, as far as this side knows. */
  subscribedAs: PubSub | undefined
  /** Whether the server has confirmed it since the connection was last ready. */
  isActive: boolean
  failedUnsubscribes: number
}

const newChannel = (): Channel => ({
  isWanted: true,
  isBusy: false,
  subscribedAs: undefined,
  isActive: false,
  failedUnsubscribes: 0,
})

export function createConfirmedChannels(options: ConfirmedChannelsOptions): ConfirmedChannels {
  const { connection, onActive, onError } = options
  const channels = new Map<string, Channel>()
  /** Channels that have changed in this tick. */
  const changed = new Set<string>()
  let retryTimer: NodeJS.Timeout | undefined
  let wanted: PubSub | undefined
  let isStopped = false

  /** Within one tick, subscribing and unsubscribing cancel each other, and everything else leaves in one go. */
  const change = (name: string) => {
    changed.add(name)
    if (changed.size > 1) return
    queueMicrotask(() => {
      const names = [...changed]
      changed.clear()
      for (const changedName of names) advance(changedName)
    })
  }

  const retryLater = () => {
    retryTimer ??= setTimeout(() => {
      retryTimer = undefined
      for (const name of channels.keys()) advance(name)
    }, RETRY_DELAY).unref()
  }

  const advance = (name: string) => {
    const channel = channels.get(name)
    if (isStopped || !channel || channel.isBusy || wanted === undefined) return
    const { isWanted, subscribedAs } = channel
    if (subscribedAs !== undefined && (!isWanted || subscribedAs !== wanted)) {
      channel.isBusy = true
      channel.isActive = false
      void unsubscribe(name, channel, subscribedAs)
    } else if (isWanted && !channel.isActive) {
      channel.isBusy = true
      void subscribe(name, channel, wanted)
    } else if (!isWanted) {
      channels.delete(name)
    }
  }

  const subscribe = async (name: string, channel: Channel, pubSub: PubSub) => {
    // Also when the answer is an error: the command may have been carried out.
    channel.subscribedAs = pubSub
    try {
      await connection.subscribe(name, pubSub === 'sharded')
    } catch (error) {
      channel.isBusy = false
      if (isStopped) return
      retryLater()
      onError(name, error)
      return
    }
    channel.isBusy = false
    if (isStopped) return
    channel.isActive = true
    if (channel.isWanted) onActive(name)
    advance(name)
  }

  const unsubscribe = async (name: string, channel: Channel, pubSub: PubSub) => {
    let isRefused = false
    try {
      await connection.unsubscribe(name, pubSub === 'sharded')
    } catch {
      // A server that does not know the command any more does not know the subscription either.
      isRefused = pubSub === wanted && ++channel.failedUnsubscribes <= UNSUBSCRIBE_RETRIES
    }
    channel.isBusy = false
    if (isStopped) return
    if (isRefused) return retryLater()
    channel.subscribedAs = undefined
    channel.failedUnsubscribes = 0
    advance(name)
  }

  return {
    add(name) {
      const channel = channels.get(name)
      if (channel) channel.isWanted = true
      else channels.set(name, newChannel())
      change(name)
    },
    remove(name) {
      const channel = channels.get(name)
      if (!channel) return
      channel.isWanted = false
      change(name)
    },
    isActive: (name) => channels.get(name)?.isActive ?? false,
    confirmAll() {
      for (const [name, channel] of channels) {
        channel.isActive = false
        advance(name)
      }
    },
    use(pubSub) {
      if (pubSub === wanted) return
      wanted = pubSub
      for (const name of channels.keys()) advance(name)
    },
    stop() {
      isStopped = true
      clearTimeout(retryTimer)
    },
  }
}

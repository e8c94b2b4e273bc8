import type { Bus } from '../../../src/server/cluster/bus.ts'

/** An engine in this process, for tests in fake time and for simulations: what Redis pub/sub does, with faults. */
export interface MemoryEngine {
  /** A connection to the engine, as a node has one. */
  connect(): MemoryConnection
  /** From now on nothing arrives, and nothing is kept, also of what is on its way. Subscriptions take effect again after `restore`. */
  interrupt(): void
  restore(): void
  /** What the engine has received and passed on since the last `resetCounts`. */
  readonly counts: { messagesIn: number; messagesOut: number; bytesIn: number; bytesOut: number }
  resetCounts(): void
  /** All channels that have subscribers now. */
  channels(): readonly string[]
}

export interface MemoryConnection {
  readonly bus: Bus
  /** Ends the connection as the death of its process does. */
  kill(): void
}

export interface MemoryEngineOptions {
  /**
   * How long a message or an answer is on its way, in milliseconds. A list carries the same message several times, and
   * an empty one loses it. @default 0 for everything
   */
  readonly delays?: (message: string) => readonly number[]
  /** Whether `publish` says how many subscribers there are. @default true */
  readonly countsSubscribers?: boolean
}

interface Subscriber {
  readonly connection: object
  onMessage(message: string): void
  onActive(): void
}

export function createMemoryEngine(options: MemoryEngineOptions = {}): MemoryEngine {
  const { delays = () => [0], countsSubscribers = true } = options
  const subscribers = new Map<string, Set<Subscriber>>()
  const pending = new Set<() => void>()
  let isUp = true
  /** What was on its way when the engine was interrupted is lost. */
  let interruptions = 0
  const counts = { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 }

  const after = (delay: number, run: () => void) => {
    if (delay === 0) queueMicrotask(run)
    else setTimeout(run, delay)
  }

  function deliver(channel: string, message: string): number {
    const to = [...(subscribers.get(channel) ?? [])]
    const bytes = Buffer.byteLength(message)
    const interruptionsBefore = interruptions
    counts.messagesIn++
    counts.bytesIn += bytes + channel.length
    for (const subscriber of to) {
      for (const delay of delays(message)) {
        counts.messagesOut++
        counts.bytesOut += bytes + channel.length
        after(delay, () => {
          const isLost = interruptions > interruptionsBefore
          if (!isLost && subscribers.get(channel)?.has(subscriber)) subscriber.onMessage(message)
        })
      }
    }
    return new Set(to.map(({ connection }) => connection)).size
  }

  function connect(): MemoryConnection {
    const connection = {}
    const own = new Set<() => void>()
    let isAlive = true
    const bus: Bus = {
      publish(channel, message) {
        if (!isAlive || !isUp) return Promise.resolve(undefined)
        const count = deliver(channel, message)
        return Promise.resolve(countsSubscribers ? count : undefined)
      },
      subscribe(channel, onMessage, onActive) {
        const subscriber: Subscriber = { connection, onMessage, onActive }
        let isWanted = isAlive
        const activate = () => {
          if (!isWanted) return
          if (!isUp) {
            pending.add(activate)
            return
          }
          const set = subscribers.get(channel) ?? new Set()
          subscribers.set(channel, set.add(subscriber))
          onActive()
        }
        const unsubscribe = () => {
          isWanted = false
          pending.delete(activate)
          own.delete(unsubscribe)
          const set = subscribers.get(channel)
          set?.delete(subscriber)
          if (set?.size === 0) subscribers.delete(channel)
        }
        own.add(unsubscribe)
        after(Math.max(0, ...delays('')), activate)
        return unsubscribe
      },
    }
    return {
      bus,
      kill() {
        isAlive = false
        for (const unsubscribe of [...own]) unsubscribe()
      },
    }
  }

  return {
    connect,
    interrupt() {
      isUp = false
      interruptions++
    },
    restore() {
      isUp = true
      for (const set of [...subscribers.values()]) for (const { onActive } of [...set]) onActive()
      const waiting = [...pending]
      pending.clear()
      for (const activate of waiting) activate()
    },
    counts,
    resetCounts() {
      Object.assign(counts, { messagesIn: 0, messagesOut: 0, bytesIn: 0, bytesOut: 0 })
    },
    channels: () => [...subscribers.keys()],
  }
}

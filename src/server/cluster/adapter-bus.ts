import { randomUUID } from 'node:crypto'
import type { Namespace } from 'socket.io'
import { type ChannelMessage, encodePacket, parsePacket } from './adapter-packet.ts'
import { reachesOthers, receivesFromOthers } from './adapter-problem.ts'
import type { Bus } from './bus.ts'
import { createBusChannels } from './bus-channels.ts'
import { createPacketGaps } from './packet-gaps.ts'

/** The event between nodes. `adapter-packet.ts` knows what its arguments mean. */
const BUS_EVENT = 'om:bus'

/** How much one packet carries at most, in characters. A longer message has a packet of its own. */
const MAX_PACKET_LENGTH = 64_000

/** How often a node repeats the number of its latest packet, in milliseconds. */
const REMINDER_INTERVAL = 1000

/** How long after its latest packet a node does so, in milliseconds. An idle node is silent. */
const REMINDER_TIME = 10_000

export interface AdapterBus extends Bus {
  /**
   * Calls the listener when Socket.IO closes its adapter: the app may close its Redis client next. What is published
   * within the call still leaves.
   */
  onClose(listener: () => void): void
  /** Sends what has been published, and leaves no listener. */
  close(): void
}

/**
 * A bus on the adapter of a namespace, or `undefined` if its adapter knows of no other nodes. It is Socket.IO's
 * `serverSideEmit`, which is pub/sub or IPC: nothing is stored (G3). `adapterProblem` names the adapters for which that
 * is not true. Every node hears everything, and all that a node publishes in one tick travels in one packet.
 *
 * Adapters do not say when they have lost a connection. So packets are numbered, and where numbers are missing, all
 * subscriptions are reported as active again: within 2 s after messages arrive again, if the other node has published
 * in the last 10 s.
 */
export function openAdapterBus(namespace: Namespace): AdapterBus | undefined {
  if (!reachesOthers(namespace.adapter) || !receivesFromOthers(namespace)) return undefined
  const sender = randomUUID()
  const queue: ChannelMessage[] = []
  const closeListeners = new Set<() => void>()
  let latestNumber = 0
  let publishedAt = -Infinity
  let reminderTimer: NodeJS.Timeout | undefined
  let isClosed = false

  const channels = createBusChannels({ open() {}, close() {}, isActive: () => !isClosed })
  const gaps = createPacketGaps(() => {
    for (const name of [...channels.names()]) channels.onActive(name)
  })

  const send = (messages: readonly ChannelMessage[]) => {
    const packet = encodePacket({ sender, number: latestNumber, messages })
    try {
      // Not the namespace's own method: it drops the adapter's promise, which some adapters reject while Redis is down.
      const sent: unknown = namespace.adapter.serverSideEmit([BUS_EVENT, ...packet])
      if (sent instanceof Promise) sent.catch(ignore)
    } catch {
      // A packet that cannot be sent now is dropped: it is never sent later (G1).
    }
  }

  const remind = () => {
    if (performance.now() - publishedAt <= REMINDER_TIME) send([])
    else stopReminding()
  }
  const stopReminding = () => {
    clearInterval(reminderTimer)
    reminderTimer = undefined
  }

  const flush = () => {
    const messages = queue.splice(0)
    if (messages.length === 0) return
    for (const batch of batches(messages)) {
      latestNumber++
      send(batch)
    }
    publishedAt = performance.now()
    reminderTimer ??= setInterval(remind, REMINDER_INTERVAL).unref()
  }

  const onPacket = (...values: unknown[]) => {
    const packet = parsePacket(values)
    if (!packet) return
    if (packet.messages.length === 0) gaps.reminder(packet.sender, packet.number)
    else gaps.packet(packet.sender, packet.number)
    for (const { channel, message } of packet.messages) channels.onMessage(channel, message)
  }

  // Socket.IO's types allow only the events that the app has declared.
  const events = namespace as unknown as Record<
    'on' | 'off',
    (event: string, listener: (...values: unknown[]) => void) => void
  >
  const { adapter } = namespace
  const { close } = adapter
  // An adapter emits no event when it closes.
  const closeWithBus = () => {
    for (const listener of [...closeListeners]) listener()
    flush()
    stopReminding()
    return close.call(adapter)
  }
  events.on(BUS_EVENT, onPacket)
  adapter.close = closeWithBus

  return {
    publish(channel, message) {
      if (isClosed) return undefined
      queue.push({ channel, message })
      if (queue.length === 1) queueMicrotask(flush)
      return undefined
    },
    subscribe: channels.subscribe,
    onClose: (listener) => void closeListeners.add(listener),
    close() {
      flush()
      isClosed = true
      stopReminding()
      gaps.stop()
      closeListeners.clear()
      events.off(BUS_EVENT, onPacket)
      if (adapter.close === closeWithBus) adapter.close = close
    },
  }
}

const ignore = () => {}

/** Splits messages into packets that are not too long. */
function batches(messages: readonly ChannelMessage[]): readonly (readonly ChannelMessage[])[] {
  const all: ChannelMessage[][] = []
  let length = Infinity
  for (const item of messages) {
    const itemLength = item.channel.length + item.message.length
    length += itemLength
    if (length > MAX_PACKET_LENGTH) {
      all.push([])
      length = itemLength
    }
    all.at(-1)?.push(item)
  }
  return all
}

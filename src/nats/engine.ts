import type { ChannelEngine } from '../server/cluster/bus-channels.ts'
import type { NatsConnection } from './connection.ts'

/**
 * How long the server may leave a ping without an answer, in milliseconds. After that messages are dropped: a server
 * that has stopped would get all of them later.
 */
const ANSWER_TIMEOUT = 1000

/** How often a publishing node pings the server, in milliseconds. */
const PING_INTERVAL = 1000

export interface NatsEngine extends ChannelEngine {
  /** Drops the message if it cannot leave now. It never throws. */
  publish(subject: string, message: string): void
}

export interface NatsEngineEvents {
  readonly onActive: (subject: string) => void
  readonly onMessage: (subject: string, message: string) => void
}

interface Subject {
  readonly unsubscribe: () => void
  /** The server has read the subscription since the connection was last made. */
  isActive: boolean
}

export function createNatsEngine(connection: NatsConnection, events: NatsEngineEvents): NatsEngine {
  const encoder = new TextEncoder()
  const decoder = new TextDecoder('utf-8', { ignoreBOM: true })
  const subjects = new Map<string, Subject>()
  /** Those that are not active, by name: a node has tens of thousands, and few of them are new. */
  const unconfirmed = new Map<string, Subject>()
  /** A connection that was given while it reconnects has no `info`. */
  let isConnected = connection.info !== undefined
  let isWatching = false
  let isFlushing = false
  let pingedAt = -Infinity
  let isAnswered = true

  /**
   * Reads what happens to the connection, from the first use on to the connection's end. The iterator keeps what it was
   * not asked for, and it holds no process open.
   */
  const watch = async () => {
    if (isWatching) return
    isWatching = true
    for await (const { type } of connection.status()) {
      if (type === 'disconnect') {
        isConnected = false
        for (const [name, subject] of subjects) {
          subject.isActive = false
          unconfirmed.set(name, subject)
        }
      } else if (type === 'reconnect') {
        isConnected = true
        isAnswered = true
        confirm()
      }
    }
    isConnected = false
    isWatching = false
  }

  /** The server has read every subscription that was sent before its answer. One question for all of a tick. */
  const confirm = () => {
    if (isFlushing) return
    isFlushing = true
    queueMicrotask(() => {
      isFlushing = false
      const asked = [...unconfirmed]
      void answered().then((isAnswer) => {
        if (!isAnswer) return
        for (const [name, subject] of asked) {
          // It may have been unsubscribed, or lost and confirmed again.
          if (unconfirmed.get(name) !== subject) continue
          unconfirmed.delete(name)
          subject.isActive = true
          events.onActive(name)
        }
      })
    })
  }

  /** A lost connection rejects, and is confirmed when it is made again. */
  const answered = async () => {
    if (connection.isClosed()) return false
    return connection.flush().then(
      () => true,
      () => false,
    )
  }

  const isStalled = () => {
    const now = performance.now()
    if (!isAnswered) return now - pingedAt > ANSWER_TIMEOUT
    if (now - pingedAt < PING_INTERVAL) return false
    pingedAt = now
    isAnswered = false
    void answered().then(() => (isAnswered = true))
    return false
  }

  return {
    open(name) {
      void watch()
      const callback = (error: Error | null, message: { readonly data: Uint8Array }) => {
        if (!error) events.onMessage(name, decoder.decode(message.data))
      }
      const unsubscribe = subscribe(connection, name, callback)
      const subject: Subject = { unsubscribe, isActive: false }
      subjects.set(name, subject)
      unconfirmed.set(name, subject)
      confirm()
    },
    close(name) {
      subjects.get(name)?.unsubscribe()
      subjects.delete(name)
      unconfirmed.delete(name)
    },
    isActive: (name) => subjects.get(name)?.isActive ?? false,
    publish(name, message) {
      void watch()
      if (!isConnected || connection.isClosed() || isStalled()) return
      try {
        connection.publish(name, encoder.encode(message))
      } catch {
        // A closed connection, or more bytes than the server takes: the message is dropped.
      }
    },
  }
}

const ignore = () => {}

/** @returns the function that unsubscribes. On a closed connection there is nothing to do. */
function subscribe(
  connection: NatsConnection,
  subject: string,
  callback: Parameters<NatsConnection['subscribe']>[1]['callback'],
): () => void {
  if (connection.isClosed()) return ignore
  const subscription = connection.subscribe(subject, { callback })
  return () => {
    if (!connection.isClosed()) subscription.unsubscribe()
  }
}

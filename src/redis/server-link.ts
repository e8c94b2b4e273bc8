import { createConfirmedChannels, type PubSub } from './confirmed-channels.ts'
import type { Connection } from './connection.ts'

/**
 * How long the server may leave published messages without an answer, in milliseconds. After that the next ones are
 * dropped: a server that has stopped would get all of them later.
 */
const ANSWER_TIMEOUT = 1000

/** How long after an incomplete cluster it is asked again, in milliseconds. */
const ASK_AGAIN_DELAY = 200

/** How long moved channels are collected, in milliseconds: the server reports each of them. */
const CONFIRM_DELAY = 100

/** One server: a connection that publishes and one that subscribes. */
export interface ServerLink {
  add(channel: string): void
  remove(channel: string): void
  isActive(channel: string): boolean
  /** Drops the message if the server cannot be reached now. It never rejects. */
  publish(channel: string, message: string): Promise<number | undefined>
  /** Begins to listen to the connections. */
  start(): void
  /** Leaves no listener on the connections. What has been begun is still carried out. */
  stop(): void
  /** The connections are closed: stops everything. */
  dispose(): void
}

export interface ServerLinkOptions {
  readonly publisher: Connection
  readonly subscriber: Connection
  readonly isCluster: boolean
  readonly onActive: (channel: string) => void
  readonly onMessage: (channel: string, message: string) => void
  /** Messages can be published. */
  readonly onReady: () => void
  readonly onLost: () => void
  /** The server does not own the slot of a channel any more; of which one, if it is known. */
  readonly onMoved: (channel?: string) => void
}

const ignore = () => {}

const isMoved = (error: unknown) => error instanceof Error && error.message.startsWith('MOVED')

/** While nodes are missing, a Redis Cluster carries no message. Who may not ask takes it for complete. */
async function isComplete(connection: Connection): Promise<boolean> {
  const info = await connection.command('CLUSTER', 'INFO').catch(() => '')
  return !String(info).includes('cluster_state:fail')
}

export function createServerLink(options: ServerLinkOptions): ServerLink {
  const { publisher, subscriber, isCluster, onActive, onMessage, onReady, onLost, onMoved } = options
  const channels = createConfirmedChannels({
    connection: subscriber,
    onActive,
    onError(channel, error) {
      if (isMoved(error)) onMoved(channel)
    },
  })
  let pubSub: PubSub | undefined
  let asking: Promise<void> | undefined
  let unanswered = 0
  /** When the server answered last, or when the first message was published that it has not answered. */
  let waitingSince = 0
  let askTimer: NodeJS.Timeout | undefined
  let confirmTimer: NodeJS.Timeout | undefined
  /** The connection that subscribes has been made since the last confirmation. */
  let needsConfirmation = false
  let stopListening: (() => void)[] = []

  /** Asks the server whether it has sharded pub/sub. It may have been replaced by another version. */
  const ask = async () => {
    try {
      if (isCluster && !(await isComplete(publisher))) return askLater()
      const reply = await publisher.command('COMMAND', 'INFO', 'SSUBSCRIBE')
      pubSub = Array.isArray(reply) && reply[0] ? 'sharded' : 'plain'
    } catch {
      // A lost connection says nothing: the next one is asked. Whoever may not ask uses what every server has.
      if (!publisher.isReady()) return
      pubSub ??= 'plain'
    }
    onReady()
    channels.use(pubSub)
    if (!needsConfirmation) return
    needsConfirmation = false
    channels.confirmAll()
  }
  const askOnce = () => {
    asking ??= ask().finally(() => (asking = undefined))
    return asking
  }
  const askLater = () => {
    clearTimeout(askTimer)
    askTimer = setTimeout(() => void askOnce(), ASK_AGAIN_DELAY).unref()
  }

  /** The server refuses the channels that have moved, again and again until they have been moved here, too. */
  const confirmSoon = () => {
    confirmTimer ??= setTimeout(() => {
      confirmTimer = undefined
      channels.confirmAll()
    }, CONFIRM_DELAY).unref()
  }

  const isStalled = () => unanswered > 0 && performance.now() - waitingSince > ANSWER_TIMEOUT

  const send = async (channel: string, message: string) => {
    if (!publisher.isReady() || pubSub === undefined || isStalled()) return undefined
    if (unanswered === 0) waitingSince = performance.now()
    unanswered++
    try {
      const isSharded = pubSub === 'sharded'
      const count = await publisher.command(isSharded ? 'SPUBLISH' : 'PUBLISH', channel, message)
      // A node of a cluster counts its own subscribers, and a plain message goes to all nodes.
      return isCluster && !isSharded ? undefined : Number(count)
    } catch (error) {
      if (isMoved(error)) onMoved(channel)
      else void askOnce()
      return undefined
    } finally {
      unanswered--
      waitingSince = performance.now()
    }
  }

  const stop = () => {
    clearTimeout(askTimer)
    clearTimeout(confirmTimer)
    confirmTimer = undefined
    for (const stopOne of stopListening) stopOne()
    stopListening = []
  }

  return {
    add: channels.add,
    remove: channels.remove,
    isActive: channels.isActive,
    async publish(channel, message) {
      if (pubSub === undefined) {
        if (!publisher.isReady()) return undefined
        const startedAt = performance.now()
        await askOnce()
        if (performance.now() - startedAt > ANSWER_TIMEOUT) return undefined
      }
      return send(channel, message)
    },
    start() {
      stopListening = [
        publisher.listen({ onReady: () => void askOnce(), onLost, onMoved: ignore, onMessage: ignore }),
        // A subscription is active when this node can publish, too: what it asks the others then has to leave.
        subscriber.listen({
          onReady() {
            needsConfirmation = true
            if (publisher.isReady()) void askOnce()
          },
          onLost,
          onMoved: confirmSoon,
          onMessage,
        }),
      ]
      if (publisher.isReady()) void askOnce()
    },
    stop,
    dispose() {
      stop()
      channels.stop()
    },
  }
}

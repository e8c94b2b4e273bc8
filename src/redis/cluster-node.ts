import type { OwnConnection, Topology } from './connection.ts'
import type { EngineEvents } from './engine.ts'
import { createServerLink, type ServerLink } from './server-link.ts'

/** The connections to one node of a Redis Cluster. They are opened once: the engine replaces what is lost. */
export interface ClusterNode {
  add(channel: string): void
  remove(channel: string): void
  isActive(channel: string): boolean
  publish(channel: string, message: string): Promise<number | undefined>
  /** Resolves when messages can be published, or when the node is lost; `undefined` after that. */
  readonly whenReady: Promise<void> | undefined
  close(): void
}

/** The two cluster clients of the app. */
export interface Topologies {
  readonly publisher: Topology
  readonly subscriber: Topology
}

export interface ClusterNodeOptions {
  readonly topologies: Topologies
  readonly address: string
  readonly events: EngineEvents
  /** Called once: the node could not be reached, or a connection to it is lost. Not after `close`. */
  readonly onLost: () => void
  readonly onMoved: (channel?: string) => void
}

export function openClusterNode(options: ClusterNodeOptions): ClusterNode {
  const { topologies, address, events, onLost, onMoved } = options
  const channels = new Set<string>()
  let connections: OwnConnection[] = []
  let link: ServerLink | undefined
  let isClosed = false
  let resolveReady = () => {}
  let whenReady: Promise<void> | undefined = new Promise((resolve) => (resolveReady = resolve))
  const markReady = () => {
    resolveReady()
    whenReady = undefined
  }

  const close = () => {
    isClosed = true
    markReady()
    link?.dispose()
    link = undefined
    for (const connection of connections) connection.close()
    connections = []
  }
  const lose = () => {
    if (isClosed) return
    close()
    onLost()
  }

  const open = async () => {
    const opened = await Promise.allSettled([topologies.publisher.open(address), topologies.subscriber.open(address)])
    const [publisher, subscriber] = opened.map((result) => (result.status === 'fulfilled' ? result.value : undefined))
    connections = [publisher, subscriber].filter((connection) => connection !== undefined)
    if (isClosed) return close()
    if (!publisher || !subscriber) return lose()
    link = createServerLink({
      publisher,
      subscriber,
      isCluster: true,
      ...events,
      onReady: markReady,
      onLost: lose,
      onMoved,
    })
    link.start()
    for (const channel of channels) link.add(channel)
  }
  void open()

  return {
    add(channel) {
      channels.add(channel)
      link?.add(channel)
    },
    remove(channel) {
      channels.delete(channel)
      link?.remove(channel)
    },
    isActive: (channel) => link?.isActive(channel) ?? false,
    publish: async (channel, message) => link?.publish(channel, message),
    get whenReady() {
      return whenReady
    },
    close,
  }
}

import type { IoRedisClient, IoRedisCluster } from './clients.ts'
import type { Connection, OwnConnection, Topology } from './connection.ts'

/** A client of ioredis. It sends every subscription, also one that it has already: so the server confirms it again. */
export function connectIoRedis(client: IoRedisClient): Connection {
  return {
    isReady: () => client.status === 'ready',
    command: (name = '', ...words) => client.call(name, ...words),
    subscribe: (channel, isSharded) => (isSharded ? client.ssubscribe(channel) : client.subscribe(channel)),
    unsubscribe: (channel, isSharded) => (isSharded ? client.sunsubscribe(channel) : client.unsubscribe(channel)),
    listen({ onReady, onLost, onMessage, onMoved }) {
      const events = [
        { event: 'ready', listener: onReady },
        { event: 'close', listener: onLost },
        { event: 'message', listener: onMessage },
        { event: 'smessage', listener: onMessage },
        { event: 'moved', listener: onMoved },
      ] as const
      for (const { event, listener } of events) client.on(event, listener)
      return () => {
        for (const { event, listener } of events) client.off(event, listener)
      }
    },
  }
}

interface Node extends IoRedisClient {
  readonly options: { readonly host?: string; readonly port?: number }
  duplicate(options: object): Node
  disconnect(): void
}

/** Nothing is kept and sent later (T1), and the bus reconnects by itself: to the node that owns the slot then. */
const OWN_OPTIONS = {
  lazyConnect: false,
  enableOfflineQueue: false,
  autoResubscribe: false,
  autoResendUnfulfilledCommands: false,
  retryStrategy: null,
  readOnly: false,
}

const ignore = () => {}

function open(node: Node): OwnConnection {
  const client = node.duplicate(OWN_OPTIONS)
  const connection = connectIoRedis(client)
  // Without a listener ioredis prints each error. A failed connection is closed, too, and that is listened to.
  client.on('error', ignore)
  return {
    ...connection,
    listen(listener) {
      // Version 5 does not expect that a server ends a subscription, and emits an error instead of `moved`.
      const onError = () => {
        if (client.status === 'ready') listener.onMoved()
      }
      client.on('error', onError)
      const stop = connection.listen(listener)
      return () => {
        client.off('error', onError)
        stop()
      }
    },
    close: () => client.disconnect(),
  }
}

export function ioRedisTopology(cluster: IoRedisCluster): Topology {
  return {
    ownerOf: (slot) => cluster.slots[slot]?.[0],
    open(address) {
      const nodes = cluster.nodes('master') as readonly Node[]
      const node = nodes.find(({ options }) => `${options.host}:${options.port}` === address)
      return Promise.resolve(node && open(node))
    },
    refresh: () => new Promise<void>((resolve) => cluster.refreshSlotsCache(() => resolve())),
    isClosed: () => cluster.status === 'end',
  }
}

import type { NodeRedisClient, NodeRedisCluster } from './clients.ts'
import type { Connection, ConnectionListener, OwnConnection, Topology } from './connection.ts'

/**
 * A client of node-redis. It is `ready` again only when the server has confirmed all that it was subscribed to, so
 * subscribing a second time needs no command.
 */
export function connectNodeRedis(client: NodeRedisClient): Connection {
  let current: ConnectionListener | undefined
  const onMessage = (message: string, channel: string) => current?.onMessage(channel, message)
  return {
    isReady: () => client.isReady,
    command: (...words) => client.sendCommand([...words]),
    subscribe: (channel, isSharded) =>
      isSharded ? client.sSubscribe(channel, onMessage) : client.subscribe(channel, onMessage),
    unsubscribe: (channel, isSharded) =>
      isSharded ? client.sUnsubscribe(channel, onMessage) : client.unsubscribe(channel, onMessage),
    listen(listener) {
      current = listener
      const onError = () => {
        if (!client.isReady) listener.onLost()
      }
      const events = [
        { event: 'ready', listener: listener.onReady },
        { event: 'error', listener: onError },
        { event: 'end', listener: listener.onLost },
        { event: 'sharded-channel-moved', listener: listener.onMoved },
      ]
      for (const { event, listener } of events) client.on(event, listener)
      return () => {
        for (const { event, listener } of events) client.off(event, listener)
        if (current === listener) current = undefined
      }
    },
  }
}

interface Node {
  readonly host: string
  readonly port: number
}

interface NodeClient extends NodeRedisClient {
  readonly options?: { readonly socket?: object }
  duplicate(options: object): NodeClient
  connect(): Promise<unknown>
  /** Up to version 4. */
  disconnect?(): Promise<unknown>
  destroy?(): void
}

interface Cluster {
  readonly isOpen?: boolean
  nodeClient(node: Node): NodeClient | Promise<NodeClient>
}

const ignore = () => {}

function close(client: NodeClient): void {
  if (!client.isOpen) return
  if (client.destroy) client.destroy()
  else client.disconnect?.().catch(ignore)
}

/** Nothing is kept and sent later (T1), and the bus reconnects by itself: to the node that owns the slot then. */
function open(node: NodeClient): OwnConnection {
  const client = node.duplicate({
    disableOfflineQueue: true,
    socket: { ...node.options?.socket, reconnectStrategy: false },
  })
  // Without a listener an error ends the process.
  client.on('error', ignore)
  client.connect().catch(ignore)
  return { ...connectNodeRedis(client), close: () => close(client) }
}

export function nodeRedisTopology(client: NodeRedisCluster): Topology {
  const cluster = client as NodeRedisCluster & Cluster
  const addressOf = ({ host, port }: Node) => `${host}:${port}`
  const slots = () => cluster.slots as readonly ({ readonly master: Node } | undefined)[]
  return {
    ownerOf(slot) {
      const shard = slots()[slot]
      return shard && addressOf(shard.master)
    },
    async open(address) {
      const node = (cluster.masters as readonly Node[]).find((master) => addressOf(master) === address)
      return node && open(await cluster.nodeClient(node))
    },
    // A command with a key makes the client look for the owner of its slot: there is no method that does it.
    refresh: (channel) => cluster.sendCommand(channel, false, ['STRLEN', channel]),
    isClosed: () => cluster.isOpen === false,
  }
}

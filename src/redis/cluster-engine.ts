import { type ClusterNode, openClusterNode, type Topologies } from './cluster-node.ts'
import type { EngineEvents, RedisEngine } from './engine.ts'
import { hashSlot, SLOTS } from './hash-slot.ts'

/** How long after a lost connection the next one is opened, in milliseconds. */
const RECONNECT_DELAY = 200

/** How often the owners of the slots are compared with the cluster client's view of them, in milliseconds. */
const CHECK_INTERVAL = 1000

/** How long the connections stay open when nothing is subscribed and nothing is published, in milliseconds. */
const IDLE_TIMEOUT = 1000

/** How long the first messages wait for the first connection to a node, in milliseconds. */
const FIRST_CONNECTION_TIMEOUT = 1000

/** For a question that needs some channel. */
const ANY_CHANNEL = 'om'

interface Channel {
  readonly slot: number
  /** The address of the node that it is subscribed on. */
  node: string | undefined
}

const wait = (milliseconds: number) => new Promise<void>((resolve) => setTimeout(resolve, milliseconds).unref())

/**
 * A Redis Cluster. Each channel belongs to the node that owns its slot. The connections are the bus's own, opened with
 * the options of the app's cluster client: the cluster clients keep commands while they have no connection and send
 * them later (T1), they do not say when a subscription is valid again, and older ones never subscribe again.
 */
export function createClusterEngine(topologies: Topologies, events: EngineEvents): RedisEngine {
  // What is published keeps this one up to date.
  const topology = topologies.publisher
  const channels = new Map<string, Channel>()
  const nodes = new Map<string, ClusterNode>()
  /** Addresses of nodes whose connections have been lost since the engine was last idle: the first ones are over. */
  const lost = new Set<string>()
  let checkTimer: NodeJS.Timeout | undefined
  let reconnectTimer: NodeJS.Timeout | undefined
  let idleTimer: NodeJS.Timeout | undefined
  let refreshing: Promise<void> | undefined

  const anyChannel = () => {
    const [name = ANY_CHANNEL] = channels.keys()
    return name
  }

  const nodeAt = (address: string): ClusterNode => {
    const existing = nodes.get(address)
    if (existing) return existing
    const node = openClusterNode({
      topologies,
      address,
      events,
      onLost() {
        nodes.delete(address)
        lost.add(address)
        for (const channel of channels.values()) if (channel.node === address) channel.node = undefined
        reconnectLater()
      },
      onMoved: (channel = anyChannel()) => refresh(channel),
    })
    nodes.set(address, node)
    return node
  }

  /** Subscribes to every channel on the node that owns its slot now. */
  const placeAll = () => {
    reopenLost()
    for (const [name, channel] of channels) place(name, channel)
  }
  /** For what is published there: otherwise the next message would be dropped. */
  const reopenLost = () => {
    const missing = [...lost].filter((address) => !nodes.has(address))
    if (missing.length === 0 || channels.size === 0) return
    const owners = new Set(Array.from({ length: SLOTS }, (_, slot) => topology.ownerOf(slot)))
    for (const address of missing) {
      if (owners.has(address)) nodeAt(address)
      else lost.delete(address)
    }
  }
  const place = (name: string, channel: Channel) => {
    const owner = topology.ownerOf(channel.slot)
    if (owner === undefined) return reconnectLater()
    if (owner === channel.node) return
    if (channel.node !== undefined) nodes.get(channel.node)?.remove(name)
    channel.node = owner
    nodeAt(owner).add(name)
  }

  const refresh = (name: string) => {
    refreshing ??= askForOwners(name).finally(() => (refreshing = undefined))
  }
  const askForOwners = async (name: string) => {
    // It fails while the cluster cannot be reached. The next check is soon.
    await Promise.allSettled([topologies.publisher.refresh(name), topologies.subscriber.refresh(name)])
    placeAll()
  }

  const reconnectLater = () => {
    reconnectTimer ??= setTimeout(() => {
      reconnectTimer = undefined
      if (topology.isClosed()) return
      refresh(anyChannel())
    }, RECONNECT_DELAY).unref()
  }

  const check = () => {
    if (topology.isClosed()) closeNodes()
    else placeAll()
  }

  const closeNodes = () => {
    for (const node of nodes.values()) node.close()
    nodes.clear()
    lost.clear()
    for (const channel of channels.values()) channel.node = undefined
  }

  const closeWhenIdle = () => {
    if (channels.size > 0) return
    clearTimeout(idleTimer)
    idleTimer = setTimeout(closeNodes, IDLE_TIMEOUT)
  }

  return {
    open(name) {
      clearTimeout(idleTimer)
      checkTimer ??= setInterval(check, CHECK_INTERVAL).unref()
      const channel: Channel = { slot: hashSlot(name), node: undefined }
      channels.set(name, channel)
      place(name, channel)
    },
    close(name) {
      const node = channels.get(name)?.node
      channels.delete(name)
      if (node !== undefined) nodes.get(node)?.remove(name)
      if (channels.size > 0) return
      clearInterval(checkTimer)
      checkTimer = undefined
      closeWhenIdle()
    },
    isActive(name) {
      const node = channels.get(name)?.node
      return node !== undefined && (nodes.get(node)?.isActive(name) ?? false)
    },
    async publish(name, message) {
      const owner = topology.ownerOf(hashSlot(name))
      if (owner === undefined || topology.isClosed()) return undefined
      closeWhenIdle()
      // While a lost connection is replaced, messages are dropped: they would arrive late (T1).
      if (lost.has(owner) && !nodes.has(owner) && reconnectTimer) return undefined
      const node = nodeAt(owner)
      if (lost.has(owner)) return node.publish(name, message)
      if (node.whenReady) await Promise.race([node.whenReady, wait(FIRST_CONNECTION_TIMEOUT)])
      return node.publish(name, message)
    },
  }
}

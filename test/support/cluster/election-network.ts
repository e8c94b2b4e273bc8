import {
  type ActiveDeviceElection,
  type Claim,
  createActiveDeviceElection,
} from '../../../src/server/cluster/active-device-election.ts'

/** How long a node reads a conversation that no device of it is subscribed to any more, in milliseconds. */
const LINGER = 5000

/** How often an election is checked, in milliseconds. */
const CHECK_INTERVAL = 1000

export interface ElectionNetworkOptions {
  /** The ids of the nodes. They also break ties. */
  readonly ids: readonly string[]
  /** By how much a node may be wrong about the time of another one, in milliseconds. */
  readonly errorBound: number
  /** Longest time that a message is on its way, in milliseconds. */
  readonly maxDelay: number
  /** A number from 0 to 1, another one at each call. */
  random(): number
}

/** Nodes with devices of one receiver in one conversation, on a network in simulated time. Nodes are indexes. */
export interface ElectionNetwork {
  /** A new device of this node subscribes: it counts as active now. */
  subscribe(node: number): void
  /** A device of this node is used, if there is one. */
  use(node: number): void
  /** The device of this node that was used last unsubscribes, if there is one. */
  unsubscribe(node: number): void
  /** Ends a node as `kill -9` does. */
  crash(node: number): void
  /** From now on nothing arrives at this node, and nothing that it publishes arrives. */
  cut(node: number): void
  /** Connects it again. It notices that messages may have been lost. */
  heal(node: number): void
  wait(milliseconds: number): void
  /** Which nodes believe that they have the active device, of those that have a device. */
  active(): readonly number[]
  /** The node with the device that was used last, by the true time; `undefined` without devices. */
  latest(): number | undefined
  /** How many messages were published. */
  countMessages(): number
}

interface SimulatedNode {
  readonly id: string
  /** When each of its devices was last active, by the true time. */
  devices: { activeAt: number }[]
  /** How wrong every other node is about its time. */
  error: number
  isAlive: boolean
  isCut: boolean
  election: ActiveDeviceElection | undefined
  emptySince: number
}

export function createElectionNetwork(options: ElectionNetworkOptions): ElectionNetwork {
  const { ids, errorBound, maxDelay, random } = options
  let now = 1000
  let sequence = 0
  let messages = 0
  const events: { readonly at: number; readonly order: number; run(): void }[] = []
  /** Messages between two nodes stay in order. */
  const arrivals = new Map<string, number>()
  const nodes: SimulatedNode[] = ids.map((id) => ({
    id,
    devices: [],
    error: (2 * random() - 1) * errorBound,
    isAlive: true,
    isCut: false,
    election: undefined,
    emptySince: 0,
  }))

  const after = (delay: number, run: () => void) => events.push({ at: now + delay, order: sequence++, run })
  const latestOf = ({ devices }: SimulatedNode) => Math.max(0, ...devices.map(({ activeAt }) => activeAt))
  const nodeAt = (index: number) => nodes[index % nodes.length]!

  function publish(from: SimulatedNode, { number, activeAt }: Claim): void {
    messages++
    if (!from.isAlive || from.isCut) return
    for (const to of nodes) {
      if (to === from) continue
      const pair = `${from.id}>${to.id}`
      const arrivesAt = Math.max(now + random() * maxDelay, arrivals.get(pair) ?? 0)
      arrivals.set(pair, arrivesAt)
      after(arrivesAt - now, () => {
        if (!to.isAlive || to.isCut || from.isCut) return
        to.election?.receive({
          node: from.id,
          number,
          activeAt: activeAt === 0 ? 0 : activeAt + from.error,
          errorBound: errorBound,
        })
      })
    }
  }

  function electionOf(node: SimulatedNode): ActiveDeviceElection {
    node.election ??= createActiveDeviceElection({
      node: node.id,
      now: () => now,
      ownActiveAt: () => latestOf(node),
      publish: (claim) => publish(node, claim),
      onChange() {},
    })
    return node.election
  }

  function check(node: SimulatedNode): void {
    if (!node.isAlive) return
    node.election?.check()
    if (node.devices.length === 0 && now - node.emptySince > LINGER) node.election = undefined
    after(CHECK_INTERVAL, () => check(node))
  }
  for (const node of nodes) after(random() * CHECK_INTERVAL, () => check(node))

  const withDevices = () => nodes.filter(({ isAlive, devices }) => isAlive && devices.length > 0)
  const indexOf = (node: SimulatedNode) => nodes.indexOf(node)

  return {
    subscribe(index) {
      const node = nodeAt(index)
      if (!node.isAlive) return
      const election = electionOf(node)
      node.devices = [...node.devices, { activeAt: now }]
      election.devicesChanged()
    },
    use(index) {
      const node = nodeAt(index)
      const [device] = node.devices
      if (!node.isAlive || !device) return
      device.activeAt = now
      node.election?.used()
    },
    unsubscribe(index) {
      const node = nodeAt(index)
      if (!node.isAlive || node.devices.length === 0) return
      const latest = latestOf(node)
      node.devices = node.devices.filter(({ activeAt }) => activeAt !== latest)
      node.emptySince = now
      node.election?.devicesChanged()
    },
    crash(index) {
      nodeAt(index).isAlive = false
    },
    cut(index) {
      nodeAt(index).isCut = true
    },
    heal(index) {
      const node = nodeAt(index)
      if (!node.isCut) return
      node.isCut = false
      if (node.isAlive) node.election?.doubt()
    },
    wait(milliseconds) {
      const end = now + milliseconds
      for (;;) {
        events.sort((a, b) => a.at - b.at || a.order - b.order)
        const [next] = events
        if (!next || next.at > end) break
        events.shift()
        now = next.at
        next.run()
      }
      now = end
    },
    active: () =>
      withDevices()
        .filter(({ election }) => election?.isElsewhere() === false)
        .map(indexOf),
    latest() {
      const [first, ...others] = withDevices()
      if (!first) return undefined
      return indexOf(others.reduce((best, node) => (latestOf(node) > latestOf(best) ? node : best), first))
    },
    countMessages: () => messages,
  }
}

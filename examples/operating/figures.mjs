/**
 * What `stats()` says, as metrics: the table from which prometheus.mjs and open-telemetry.mjs make theirs. A counter only
 * grows until the process ends; the others say how many there are now.
 */
export const figures = [
  {
    name: 'connections',
    kind: 'gauge',
    help: 'Connections that have been identified, bots among them.',
    read: (stats) => stats.connections,
  },
  {
    name: 'subscriptions',
    kind: 'gauge',
    help: 'Conversations that are subscribed to, each counted once for every connection.',
    read: (stats) => stats.subscriptions,
  },
  {
    name: 'typing_leases',
    kind: 'gauge',
    help: 'Typing leases of connections of this node.',
    read: (stats) => stats.leases,
  },
  {
    name: 'received',
    kind: 'counter',
    help: 'Messages that were accepted from clients, typing not included.',
    read: (stats) => stats.messagesIn,
  },
  {
    name: 'delivered',
    kind: 'counter',
    help: 'Messages delivered to devices, typing not included.',
    read: (stats) => stats.messagesOut,
  },
  {
    name: 'typing_updates',
    kind: 'counter',
    help: 'Typing updates delivered to devices.',
    read: (stats) => stats.typingUpdatesOut,
  },
  {
    name: 'dropped',
    kind: 'counter',
    help: 'What was not delivered, by reason.',
    label: 'reason',
    read: (stats) => stats.dropped,
  },
  {
    name: 'bus.nodes',
    kind: 'gauge',
    help: 'Other nodes from which something has arrived within the last minute.',
    read: (stats) => stats.bus?.nodes,
  },
  {
    name: 'bus.channels',
    kind: 'gauge',
    help: 'Channels of the bus that this node reads.',
    read: (stats) => stats.bus?.channels,
  },
  {
    name: 'bus.pending',
    kind: 'gauge',
    help: 'Channels among them that the engine has not confirmed.',
    read: (stats) => stats.bus?.pending,
  },
  {
    name: 'bus.leases',
    kind: 'gauge',
    help: 'Typing leases of other nodes, in the conversations that this node reads.',
    read: (stats) => stats.bus?.leases,
  },
  {
    name: 'bus.received',
    kind: 'counter',
    help: 'Messages from other nodes, typing not included.',
    read: (stats) => stats.bus?.messagesIn,
  },
  {
    name: 'bus.published',
    kind: 'counter',
    help: 'Messages published to other nodes, typing not included.',
    read: (stats) => stats.bus?.messagesOut,
  },
  {
    name: 'bus.dropped',
    kind: 'counter',
    help: 'What came twice from other nodes, or from a node whose clock stayed unknown.',
    read: (stats) => stats.bus?.dropped,
  },
]

/** The values of one figure now: one value, or one for each reason. A single node has no bus, so it has none of those. */
export function samplesOf(figure, stats) {
  const found = figure.read(stats)
  if (found === undefined) return []
  if (figure.label === undefined) return [{ labels: {}, value: found }]
  return Object.entries(found).map(([key, value]) => ({ labels: { [figure.label]: key }, value }))
}

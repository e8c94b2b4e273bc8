import { isExpired, serverNow } from '../../clock.ts'
import type { Bus } from '../adapter-bus.ts'
import type { BusMessage, Heartbeat, Snapshot, SnapshotEntry } from './bus-message.ts'
import { encode, parse } from './envelope.ts'
import { createHeartbeats } from './heartbeats.ts'
import type { HandledKind, MessageHandler } from './message-handler.ts'
import { CHECK_INTERVAL, createMembership, NODE_TIMEOUT } from './membership.ts'
import type { Peer, PeerNode, TimedMessage } from './peer.ts'
import { toChunks } from './snapshot.ts'

/** The other nodes. */
export interface Nodes {
  /** The name of this node on the bus, another one after each start. */
  readonly id: string
  /** Handlers are registered before `start`. */
  register<Kind extends HandledKind>(kind: Kind, handler: MessageHandler<Kind>): void
  start(): void
  alive(): PeerNode[]
  /** Sends a message to all other nodes. A node that has been alone for 5 s publishes nothing but heartbeats. */
  publish(message: BusMessage): void
  /** How many messages of other nodes never arrived. */
  lostMessages(): number
  close(): void
}

/**
 * Sends messages to the other nodes, and gives theirs to the handlers. Every message is numbered, so that a duplicate
 * is dropped and a gap is noticed; after a gap the node is asked for a snapshot. A message is handled once the clock of
 * its node is known: before that, nobody knows how old the message is.
 */
export function createNodes(bus: Bus, maxAge: number): Nodes {
  const id = crypto.randomUUID()
  const handlers = new Map<HandledKind, MessageHandler>()
  const membership = createMembership((peer) => {
    for (const handler of handlers.values()) handler.nodeDown?.(peer)
  })
  const heartbeats = createHeartbeats(membership, publishHeartbeat)
  let unsubscribe: (() => void) | undefined
  let checkTimer: NodeJS.Timeout | undefined
  let startedAt = 0
  let isClosed = false
  /** The number of our latest message. */
  let number = 0
  let lostMessages = 0
  let isSnapshotRequested = false

  function send(message: BusMessage): void {
    if (!isClosed) bus.publish(encode({ node: id, number, sentAt: serverNow(), message }))
  }

  function publish(message: BusMessage): void {
    // Also a message that is not sent has a number: a node that missed it finds out.
    number++
    const hasJustStarted = serverNow() - startedAt < NODE_TIMEOUT
    if (hasJustStarted || membership.alive().length > 0) send(message)
  }

  /** A heartbeat is sent in any case, since it is how other nodes find this one. */
  function publishHeartbeat(heartbeat: Heartbeat): void {
    number++
    send(heartbeat)
    if (isSnapshotRequested) publishSnapshot()
  }

  function publishSnapshot(): void {
    isSnapshotRequested = false
    const entries: SnapshotEntry[] = []
    for (const handler of handlers.values()) {
      for (const entry of handler.snapshot?.() ?? []) entries.push(entry)
    }
    for (const chunk of toChunks(entries)) publish(chunk)
  }

  function receive(packet: readonly unknown[]): void {
    const envelope = parse(packet)
    if (!envelope || envelope.node === id) return
    const peer = membership.find(envelope.node) ?? membership.addNode(envelope.node)
    if (!peer) return
    const order = peer.sequence.accept(envelope.number)
    // A Redis client that has reconnected may send again what it had sent.
    if (order === 'duplicate') return
    const { sentAt, message } = envelope
    const now = serverNow()
    membership.markAlive(peer, now)
    if (order === 'late') {
      lostMessages--
      receiveLate(peer, message, sentAt)
      return
    }
    if (order !== 'new') {
      lostMessages += order.gap
      peer.needsSync = true
    }
    peer.latestSentAt = sentAt
    peer.latestReceivedAt = now
    if (message?.kind === 'leave') {
      membership.removeNode(peer)
      return
    }
    if (message?.kind === 'heartbeat') receiveHeartbeat(peer, message)
    else if (message) receiveTimed(peer, message, sentAt)
    heartbeats.requestSnapshotIfNeeded(peer, now)
  }

  /**
   * Receives a message that others have overtaken. Its news counts; a state of then does not, since the state of now may
   * have come before it. After the gap that it left, the node is asked for a snapshot anyway.
   */
  function receiveLate(peer: Peer, message: BusMessage | undefined, sentAt: number): void {
    if (message && isNews(message)) receiveTimed(peer, message, sentAt)
  }

  function receiveHeartbeat(peer: Peer, { snapshotRequests, echoes }: Heartbeat): void {
    for (const echo of echoes) {
      if (echo.node !== id) continue
      peer.clock.learn({
        askedAt: echo.sentAt,
        heldFor: echo.heldFor,
        answeredAt: peer.latestSentAt,
        receivedAt: peer.latestReceivedAt,
      })
    }
    if (snapshotRequests.includes(id)) {
      isSnapshotRequested = true
      // A node that asks has probably just started, and its turn for an echo comes first.
      peer.echoedAt = 0
      heartbeats.sendSoon()
    }
    if (!peer.clock.isKnown()) return
    for (const { message, sentAt } of peer.buffer.drain()) receiveTimed(peer, message, sentAt)
  }

  function receiveTimed(peer: Peer, message: TimedMessage, sentAt: number): void {
    const time = peer.clock.toLocal(sentAt)
    if (time === undefined) {
      peer.buffer.add({ message, sentAt, receivedAt: serverNow() })
      return
    }
    const expired = isExpired(time, maxAge)
    if (message.kind === 'snapshot') receiveSnapshot(peer, message, expired)
    else handlers.get(message.kind)?.receive(peer, message, { time, errorBound: peer.clock.errorBound(), expired })
  }

  function receiveSnapshot(peer: Peer, chunk: Snapshot, expired: boolean): void {
    if (expired) {
      peer.snapshotReader.reset()
      return
    }
    const entries = peer.snapshotReader.add(chunk)
    if (!entries) return
    peer.needsSync = false
    for (const [kind, handler] of handlers) {
      handler.restore?.(
        peer,
        entries.filter((entry) => entry.kind === kind),
      )
    }
  }

  function check(): void {
    const now = serverNow()
    membership.check(now)
    for (const { buffer } of membership.all()) lostMessages += buffer.dropBefore(now - maxAge)
    heartbeats.sendIfDue(now)
  }

  function close(): void {
    if (isClosed) return
    unsubscribe?.()
    clearInterval(checkTimer)
    heartbeats.stop()
    number++
    send({ kind: 'leave' })
    isClosed = true
  }

  return {
    id,
    register(kind, handler) {
      // The map gives a handler only messages of its own kind.
      handlers.set(kind, handler)
    },
    start() {
      startedAt = serverNow()
      unsubscribe = bus.subscribe(receive, close)
      checkTimer = setInterval(check, CHECK_INTERVAL).unref()
      heartbeats.send()
    },
    alive: membership.alive,
    publish,
    lostMessages: () => lostMessages,
    close,
  }
}

/** Whether a message is no state that a later one may have changed. */
function isNews(message: BusMessage): message is TimedMessage {
  return ['message', 'recipients', 'revocation', 'reidentification'].includes(message.kind)
}

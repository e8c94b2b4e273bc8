import { randomBytes } from 'node:crypto'
import { isExpired, serverNow } from '../../clock.ts'
import type { Bus } from '../bus.ts'
import type { BusMessage, TimedMessage } from '../bus-message.ts'
import type { Channels } from '../channels.ts'
import { encode, type Envelope, parse } from '../envelope.ts'
import { createMessageBuffer, type MessageBuffer } from './message-buffer.ts'
import { createPeerNodes, type PeerNode } from './peer-nodes.ts'

/** Least time between two questions about one node's clock while messages wait for the answer, in milliseconds. */
const ASK_AGAIN_AFTER = 200

/** Least time between two such questions while nothing waits, in milliseconds. */
const CHECK_AGAIN_AFTER = 1000

/** After this time a clock is measured again, in milliseconds: two clocks drift apart by up to 0.2 ms a second. */
const MEASURE_AGAIN_AFTER = 60_000

/** By how much a message may seem to come from the future before the clock must be wrong, in milliseconds. */
const FUTURE_TOLERANCE = 50

/** Which node sent a message, and when. */
export interface Origin {
  readonly node: string
  /** Its number: a later message of the same node has a higher one. */
  readonly number: number
  /** By our clock, in milliseconds. */
  readonly sentAt: number
  /** By how much `sentAt` can be wrong, in milliseconds. */
  readonly errorBound: number
  /** Older than `maxAge`. */
  readonly expired: boolean
  /** One of its times, by our clock. */
  toLocal(theirTime: number): number
}

export type Receive = (message: TimedMessage, origin: Origin) => void

/** How this node publishes to its peer nodes and reads what they publish. */
export interface NodeLink {
  /** The name of this node on the bus, another one after each start. */
  readonly id: string
  /** @returns how many subscribers received it, where the engine says so. */
  publish(channel: string, message: BusMessage): Promise<number | undefined> | undefined
  /**
   * Subscribes to a channel. `receive` gets each message once, and only when its age is known.
   *
   * @param onActive see `Bus.subscribe`.
   */
  subscribe(channel: string, receive: Receive, onActive: () => void): () => void
  /** How many other nodes were heard within the last minute. */
  countPeers(): number
  /** How many messages were dropped because they came twice, or because the clock of their node stayed unknown. */
  countDropped(): number
  close(): void
}

/** A message that waits until the clock of its node is known. */
interface WaitingMessage {
  readonly envelope: Envelope<TimedMessage>
  readonly receive: Receive
  readonly receivedAt: number
}

export interface NodeLinkOptions {
  readonly bus: Bus
  readonly channels: Channels
  readonly maxAge: number
  /** Receives what is published for this node alone. */
  readonly receive: Receive
}

/**
 * Numbers and stamps what this node publishes, and checks what others publish: a repeated message is dropped, and one of
 * a node whose clock is not known waits while that node is asked for the time. Nodes ask each other only when one of them
 * reads what the other one publishes, so a cluster that does nothing exchanges nothing.
 */
export function createNodeLink({ bus, channels, maxAge, receive: receiveOwn }: NodeLinkOptions): NodeLink {
  const id = randomBytes(9).toString('base64url')
  const peers = createPeerNodes(maxAge)
  /** The messages that wait, by node. */
  const waiting = new Map<PeerNode, MessageBuffer<WaitingMessage>>()
  let askTimer: NodeJS.Timeout | undefined
  let number = 0
  let dropped = 0
  let isClosed = false

  function publish(channel: string, message: BusMessage): Promise<number | undefined> | undefined {
    if (isClosed) return undefined
    number++
    return bus.publish(channel, encode({ node: id, number, sentAt: serverNow(), message }))
  }

  function askClock(peer: PeerNode, unlessAskedWithin: number): void {
    const now = serverNow()
    if (now - peer.clockAskedAt < unlessAskedWithin) return
    peer.clockAskedAt = now
    void publish(channels.node(peer.id), { kind: 'clock-question' })
  }

  /** Asks again for the clocks that messages wait for, and drops the messages that have waited for too long. */
  function checkWaiting(): void {
    askTimer = undefined
    for (const [peer, buffer] of waiting) {
      for (const message of buffer.removeBefore(serverNow() - maxAge)) giveUp(message)
      if (buffer.isEmpty()) waiting.delete(peer)
      else askClock(peer, ASK_AGAIN_AFTER / 2)
    }
    if (waiting.size > 0) askTimer = setTimeout(checkWaiting, ASK_AGAIN_AFTER).unref()
  }

  function wait(peer: PeerNode, message: WaitingMessage): void {
    const buffer = waiting.get(peer) ?? createMessageBuffer<WaitingMessage>()
    waiting.set(peer, buffer)
    const tooMany = buffer.add(message)
    if (tooMany) giveUp(tooMany)
    askClock(peer, ASK_AGAIN_AFTER)
    askTimer ??= setTimeout(checkWaiting, ASK_AGAIN_AFTER).unref()
  }

  /** The clock stayed unknown. A notice counts all the same, as if it had been sent when it arrived. */
  function giveUp({ envelope, receive, receivedAt }: WaitingMessage): void {
    dropped++
    const { node, number, message } = envelope
    if (message.kind !== 'revocation' && message.kind !== 'reidentification') return
    receive(message, { node, number, sentAt: receivedAt, errorBound: 0, expired: true, toLocal: () => receivedAt })
  }

  function receiveTimed(peer: PeerNode, waitingMessage: WaitingMessage): void {
    const { envelope, receive } = waitingMessage
    const now = serverNow()
    const estimate = peer.clock.estimate(now)
    if (!estimate) {
      wait(peer, waitingMessage)
      return
    }
    const { offset, errorBound, measuredAt } = estimate
    const toLocal = (theirTime: number) => theirTime - offset
    const sentAt = toLocal(envelope.sentAt)
    if (sentAt - errorBound > now + FUTURE_TOLERANCE) {
      // One of the two machines has slept.
      peer.clock.forget()
      wait(peer, waitingMessage)
      return
    }
    const expired = isExpired(sentAt, maxAge)
    if (expired || now - measuredAt > MEASURE_AGAIN_AFTER) askClock(peer, CHECK_AGAIN_AFTER)
    receive(envelope.message, { node: peer.id, number: envelope.number, sentAt, errorBound, expired, toLocal })
  }

  function learnClock(peer: PeerNode, askedAt: number, answeredAt: number): void {
    const isLearnt = peer.clock.learn({ askedAt, answeredAt, receivedAt: serverNow() })
    const buffer = waiting.get(peer)
    if (!isLearnt || !buffer) return
    waiting.delete(peer)
    for (const message of buffer.drain()) receiveTimed(peer, message)
  }

  function accept(text: string, receive: Receive): void {
    const envelope = parse(text)
    if (!envelope || envelope.node === id || isClosed) return
    const peer = peers.heard(envelope.node)
    if (!peer) return
    const receivedAt = serverNow()
    if (!peer.seen.add(envelope.number, receivedAt)) {
      dropped++
      return
    }
    const { message, sentAt, number } = envelope
    if (message.kind === 'clock-question') {
      void publish(channels.node(peer.id), { kind: 'clock-answer', askedAt: sentAt })
    } else if (message.kind === 'clock-answer') {
      learnClock(peer, message.askedAt, sentAt)
    } else {
      receiveTimed(peer, { envelope: { node: peer.id, number, sentAt, message }, receive, receivedAt })
    }
  }

  const subscribe: NodeLink['subscribe'] = (channel, receive, onActive) =>
    bus.subscribe(channel, (text) => accept(text, receive), onActive)

  const unsubscribe = subscribe(channels.node(id), receiveOwn, () => {})

  return {
    id,
    publish,
    subscribe,
    countPeers: peers.count,
    countDropped: () => dropped,
    close() {
      isClosed = true
      clearTimeout(askTimer)
      unsubscribe()
    },
  }
}

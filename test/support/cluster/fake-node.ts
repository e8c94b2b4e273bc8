import type { Bus } from '../../../src/server/cluster/bus.ts'
import type { BusMessage } from '../../../src/server/cluster/bus-message.ts'
import { createChannels, type Channels } from '../../../src/server/cluster/channels.ts'
import { encode, type Envelope, parse } from '../../../src/server/cluster/envelope.ts'

/** As exact as a node's own clock: a whole millisecond may be more than the error bound between two clocks. */
const now = (): number => performance.timeOrigin + performance.now()

type Kind = BusMessage['kind']

/** A node that publishes whatever a test wants, and records what the real nodes publish to it. */
export interface FakeNode {
  readonly id: string
  /** The channels of the namespace. */
  readonly channels: Channels
  /** What has arrived on all channels that it reads, from others. */
  readonly received: (Envelope & { readonly channel: string })[]
  /** The messages of one kind that have arrived. */
  receivedOf<K extends Kind>(kind: K): Extract<BusMessage, { kind: K }>[]
  /** Reads one more channel. */
  read(channel: string): void
  /** Publishes a text as it is. */
  publishText(channel: string, text: string): void
  /** Publishes a message with the next number. */
  publish(channel: string, message: BusMessage): void
  /** Publishes a message with a number and a time of its own. @param sentAt by its clock, now by default */
  publishAs(options: { channel: string; message: BusMessage; number?: number; sentAt?: number }): void
  /** The number of its latest message. */
  latestNumber(): number
  /** Its clock. */
  now(): number
  /** Whether it answers questions about its clock. */
  answersClock: boolean
}

export interface FakeNodeOptions {
  readonly bus: Bus
  readonly id?: string
  /** @default '/' */
  readonly namespace?: string
  /** How far its clock is ahead of ours, in milliseconds. */
  readonly ahead?: number
  /** @default true */
  readonly answersClock?: boolean
}

export function createFakeNode(options: FakeNodeOptions): FakeNode {
  const { bus, id = 'fake', namespace = '/', ahead = 0, answersClock = true } = options
  const channels = createChannels(namespace)
  const received: FakeNode['received'] = []
  const theirNow = () => now() + ahead
  let number = 0

  const node: FakeNode = {
    id,
    channels,
    received,
    receivedOf: <K extends Kind>(kind: K) =>
      received.flatMap(({ message }) => (message.kind === kind ? [message as Extract<BusMessage, { kind: K }>] : [])),
    read(channel) {
      bus.subscribe(
        channel,
        (text) => {
          const envelope = parse(text)
          if (!envelope || envelope.node === id) return
          received.push({ ...envelope, channel })
          if (envelope.message.kind !== 'clock-question' || !node.answersClock) return
          node.publish(channels.node(envelope.node), { kind: 'clock-answer', askedAt: envelope.sentAt })
        },
        () => {},
      )
    },
    publishText: (channel, text) => void bus.publish(channel, text),
    publish: (channel, message) => node.publishAs({ channel, message }),
    publishAs({ channel, message, number: ownNumber, sentAt = theirNow() }) {
      if (ownNumber === undefined) number++
      void bus.publish(channel, encode({ node: id, number: ownNumber ?? number, sentAt, message }))
    },
    latestNumber: () => number,
    now: theirNow,
    answersClock,
  }
  node.read(channels.node(id))
  return node
}

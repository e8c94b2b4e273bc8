import type { Conversation } from '../../core/message/conversation.ts'
import { serverNow } from '../clock.ts'
import type { Device, Room, TypingSession } from '../model.ts'
import type { PublishedLease } from './bus-message.ts'
import type { Channels } from './channels.ts'
import type { ChannelSubscriptions } from './channel-subscriptions.ts'
import { MAX_LEASES } from './envelope.ts'
import type { NodeLink, Receive } from './peers/node-link.ts'

/** How often this node renews the leases of its devices on other nodes, in milliseconds: as a typist does on the server. */
export const RENEWAL_INTERVAL = 5000

/** How often it looks for leases to renew, in milliseconds. */
const CHECK_INTERVAL = 500

/** Publishes the leases of this node's devices. */
export interface LeasePublisher {
  /** A lease has begun or changed, or its user; it has ended if the session is `undefined`. */
  announce(device: Device, room: Room, session: TypingSession | undefined): void
  close(): void
}

/** A conversation in which devices of this node type. */
interface TypedConversation {
  readonly channel: string
  readonly leases: Map<Device, PublishedLease>
  /** When all its leases were published last. */
  publishedAt: number
}

export interface LeasePublisherOptions {
  readonly link: NodeLink
  readonly channels: Channels
  readonly subscriptions: ChannelSubscriptions
}

/**
 * A node is to other nodes what a typist is to the server: it takes a lease, renews it and releases it. While its devices
 * type in a conversation, it also reads the questions about that conversation, so that a node that has just begun to read
 * it learns at once who types. A lease is first published when that subscription has taken effect: whoever begins to read
 * earlier receives the lease, and whoever begins later asks for it.
 */
export function createLeasePublisher({ link, channels, subscriptions }: LeasePublisherOptions): LeasePublisher {
  const conversations = new Map<string, TypedConversation>()
  const deviceNumbers = new WeakMap<Device, number>()
  let latestDeviceNumber = 0
  let renewalTimer: NodeJS.Timeout | undefined

  function numberOf(device: Device): number {
    const known = deviceNumbers.get(device)
    if (known !== undefined) return known
    latestDeviceNumber++
    deviceNumbers.set(device, latestDeviceNumber)
    return latestDeviceNumber
  }

  /** Publishes leases for every node that reads their conversation, in as many messages as they need. */
  function publish(channel: string, leases: readonly PublishedLease[]): void {
    for (const some of inParts(leases)) void link.publish(channel, { kind: 'leases', channel: '', leases: some })
  }

  function publishAll(conversation: TypedConversation): void {
    conversation.publishedAt = serverNow()
    publish(conversation.channel, [...conversation.leases.values()])
  }

  /** Publishes all leases of a conversation for one node, which has asked. */
  function answer({ channel, leases }: TypedConversation, node: string): void {
    for (const some of inParts([...leases.values()])) {
      void link.publish(channels.node(node), { kind: 'leases', channel, leases: some })
    }
  }

  function renew(): void {
    renewalTimer = undefined
    const due = serverNow() - RENEWAL_INTERVAL
    for (const conversation of conversations.values()) {
      if (conversation.publishedAt <= due) publishAll(conversation)
    }
    renewLater()
  }

  function renewLater(): void {
    if (conversations.size > 0) renewalTimer ??= setTimeout(renew, CHECK_INTERVAL).unref()
  }

  function open(userId: string, writtenTo: Conversation): TypedConversation {
    const channel = channels.conversation(userId, writtenTo)
    const known = conversations.get(channel)
    if (known) return known
    const conversation: TypedConversation = { channel, leases: new Map(), publishedAt: serverNow() }
    conversations.set(channel, conversation)
    renewLater()
    return conversation
  }

  /** Reads the questions about a channel, and answers them while there are leases. */
  function wantQuestions(channel: string): void {
    const receive: Receive = (message, { node }) => {
      const conversation = conversations.get(channel)
      if (message.kind === 'question' && conversation) answer(conversation, node)
    }
    subscriptions.want(channels.questions(channel), () => ({
      receive,
      onActive() {
        const conversation = conversations.get(channel)
        if (conversation) publishAll(conversation)
      },
    }))
  }

  return {
    announce(device, room, session) {
      const conversation = open(device.user.id, room.writtenTo)
      const { channel, leases } = conversation
      const lease: PublishedLease = { device: numberOf(device), user: device.user, session }
      if (session) {
        leases.set(device, lease)
        wantQuestions(channel)
      } else {
        leases.delete(device)
      }
      // Before that nothing is published, and so nothing has to be taken back.
      const questions = channels.questions(channel)
      if (subscriptions.isActive(questions)) publish(channel, [lease])
      if (leases.size > 0) return
      conversations.delete(channel)
      subscriptions.unwant(questions)
    },
    close() {
      clearTimeout(renewalTimer)
      for (const { channel, leases } of conversations.values()) {
        const ended = [...leases.values()].map(({ device, user }) => ({ device, user, session: undefined }))
        publish(channel, ended)
      }
      conversations.clear()
    },
  }
}

/** One message carries at most `MAX_LEASES`. */
function* inParts(leases: readonly PublishedLease[]): Generator<readonly PublishedLease[]> {
  for (let first = 0; first < leases.length; first += MAX_LEASES) yield leases.slice(first, first + MAX_LEASES)
}

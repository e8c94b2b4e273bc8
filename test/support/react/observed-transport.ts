import { type Conversation, conversationKey } from '../../../src/core/message/conversation.ts'
import type { User } from '../../../src/core/message/user.ts'
import type { ConnectionState, Transport } from '../../../src/core/transport/transport.ts'
import type { TypingLease } from '../../../src/core/typing/typing.ts'
import { createFakeTransport, type FakeTransport } from '../fake-transport.ts'

export interface ObservedTransport extends Transport, Pick<FakeTransport, 'sent' | 'answer'> {
  setConnection(state: ConnectionState): void
  /** Delivers another user's message. */
  deliver(conversation: Conversation, command: string, data: unknown, from?: User): void
  /** Delivers another user's lease: taken, renewed, or released with `ttl: 0`. */
  lease(conversation: Conversation, from: User, lease: Partial<TypingLease>): void
  /** The leases sent, each as "bob taken" or "bob released", with the activity unless it is typing. */
  leases(): string[]
  /** One name per subscription to a conversation. */
  subscribedConversations(): string[]
  /** How many are subscribed to the connection. */
  connectionSubscribers(): number
}

const nameOf = ({ user, group, thread }: Conversation) => [user ?? group, thread].filter(Boolean).join('/')

/** The fake transport, with what a test of a hook wants to do and to see, by conversation. */
export function createObservedTransport(): ObservedTransport {
  const fake = createFakeTransport()
  let connectionSubscribers = 0

  const observed: ObservedTransport = {
    ...fake,
    connection: {
      ...fake.connection,
      subscribe(listener) {
        connectionSubscribers++
        const unsubscribe = fake.connection.subscribe(listener)
        return () => {
          connectionSubscribers--
          unsubscribe()
        }
      },
    },
    setConnection: (state) => fake.connection.setState(state, true),
    deliver(conversation, command, data, from = { id: 'ann' }) {
      for (const subscription of [...fake.subscriptions]) {
        if (conversationKey(subscription.conversation) === conversationKey(conversation)) {
          subscription.listener.message({ conversation, command, data, from })
        }
      }
    },
    lease(conversation, from, { ttl = 7000, activity = 'typing', since = 1 }) {
      observed.deliver(conversation, 'textInput', { ttl, activity, since }, from)
    },
    leases: () =>
      fake.sent
        .filter(({ command }) => command === 'textInput')
        .map(({ conversation, data }) => {
          const { ttl, activity } = data as TypingLease
          const suffix = activity === 'typing' ? '' : ` ${activity}`
          return `${nameOf(conversation)} ${ttl ? 'taken' : 'released'}${suffix}`
        }),
    subscribedConversations: () => [...fake.subscriptions].map(({ conversation }) => nameOf(conversation)),
    connectionSubscribers: () => connectionSubscribers,
  }
  return observed
}

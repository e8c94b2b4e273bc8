import { createStore } from 'zustand/vanilla'
import { type Conversation, conversationKey } from '../../../src/core/message/conversation.ts'
import type { SendResult } from '../../../src/core/message/message.ts'
import type {
  ConnectionState,
  OutgoingMessage,
  Transport,
  TransportListener,
} from '../../../src/core/transport/transport.ts'
import type { TypingLease } from '../../../src/core/typing/typing.ts'
import type { User } from '../../../src/core/message/user.ts'

export interface FakeTransport extends Transport {
  readonly sent: OutgoingMessage[]
  /** What `send` answers from now on. */
  answer: SendResult
  setConnection(state: ConnectionState): void
  /** Somebody else's message arrives. */
  deliver(conversation: Conversation, command: string, data: unknown, from?: User): void
  /** Somebody else takes, renews or gives back a lease. */
  lease(conversation: Conversation, from: User, lease: Partial<TypingLease>): void
  /** Leases sent, as "taken" or "given back", with the conversation's name in front. */
  leases(): string[]
  /** Conversations listened to, one name per subscription. */
  listening(): string[]
  /** How many watch the connection. */
  watching(): number
}

const nameOf = ({ user, group, thread }: Conversation) => [user ?? group, thread].filter(Boolean).join('/')

/** A transport whose other end is the test. */
export function createFakeTransport(): FakeTransport {
  const connection = createStore<ConnectionState>(() => 'online')
  const subscriptions = new Set<{ conversation: Conversation; on: TransportListener }>()
  let watching = 0

  const fake: FakeTransport = {
    sent: [],
    answer: { ok: true },
    connection: {
      ...connection,
      subscribe(listener) {
        watching++
        const leave = connection.subscribe(listener)
        return () => {
          watching--
          leave()
        }
      },
    },
    async send(message) {
      fake.sent.push(message)
      return fake.answer
    },
    subscribe(conversation, on) {
      const subscription = { conversation, on }
      subscriptions.add(subscription)
      return () => void subscriptions.delete(subscription)
    },
    setConnection: (state) => connection.setState(state, true),
    deliver(conversation, command, data, from = { id: 'ann' }) {
      for (const { conversation: where, on } of [...subscriptions]) {
        if (conversationKey(where) === conversationKey(conversation)) {
          on.message({ conversation, command, data, from })
        }
      }
    },
    lease(conversation, from, { ttl = 7000, activity = 'typing', since = 1 }) {
      fake.deliver(conversation, 'textInput', { ttl, activity, since }, from)
    },
    leases: () =>
      fake.sent
        .filter(({ command }) => command === 'textInput')
        .map(({ conversation, data }) => {
          const { ttl, activity } = data as TypingLease
          const what = activity === 'typing' ? '' : ` ${activity}`
          return `${nameOf(conversation)} ${ttl ? 'taken' : 'given back'}${what}`
        }),
    listening: () => [...subscriptions].map(({ conversation }) => nameOf(conversation)),
    watching: () => watching,
  }
  return fake
}

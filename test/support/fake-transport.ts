import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  ConnectionState,
  Conversation,
  OnlineMessage,
  OutgoingMessage,
  SendFailure,
  SendResult,
  Transport,
  TransportListener,
  TransportSendOptions,
  TypingState,
} from '../../src/core/index.ts'

interface Subscription {
  readonly conversation: Conversation
  readonly listener: TransportListener
}

export interface FakeTransport extends Transport {
  readonly connection: StoreApi<ConnectionState>
  /** The messages that were sent, with their options. */
  readonly sent: (OutgoingMessage & TransportSendOptions)[]
  /** The subscriptions that there are now. */
  readonly subscriptions: Set<Subscription>
  /** How often `subscribe` has been called. */
  subscribeCalls(): number
  /** Sets what `send` answers from now on. */
  answer(result: SendResult): void
  message(message: OnlineMessage): void
  typists(state: TypingState): void
  refuse(failure: SendFailure): void
  reset(): void
}

/** A transport without a network: a test plays the other side. */
export function createFakeTransport(): FakeTransport {
  const subscriptions = new Set<Subscription>()
  const sent: FakeTransport['sent'] = []
  let subscribeCalls = 0
  let result: SendResult = { ok: true }
  const notify = (call: (listener: TransportListener) => void) => {
    for (const { listener } of [...subscriptions]) call(listener)
  }
  return {
    connection: createStore<ConnectionState>(() => 'online'),
    sent,
    subscriptions,
    subscribeCalls: () => subscribeCalls,
    answer(next) {
      result = next
    },
    message: (message) => notify((listener) => listener.message(message)),
    typists: (state) => notify((listener) => listener.typists(state)),
    refuse: (failure) => notify((listener) => listener.refused?.(failure)),
    reset: () => notify((listener) => listener.reset?.()),
    send(message, options) {
      sent.push({ ...message, ...options })
      return Promise.resolve(result)
    },
    subscribe(conversation, listener) {
      const subscription = { conversation, listener }
      subscriptions.add(subscription)
      subscribeCalls++
      return () => subscriptions.delete(subscription)
    },
  }
}

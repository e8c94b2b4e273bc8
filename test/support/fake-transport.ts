import { createStore, type StoreApi } from 'zustand/vanilla'
import type {
  ConnectionState,
  Conversation,
  Digest,
  OnlineMessage,
  OutgoingMessage,
  SendFailure,
  SendResult,
  Transport,
  TransportListener,
} from '../../src/core/index.ts'

interface Subscription {
  readonly conversation: Conversation
  readonly on: TransportListener
}

export interface FakeTransport extends Transport {
  readonly connection: StoreApi<ConnectionState>
  /** What has been sent, with its options. */
  readonly sent: (OutgoingMessage & { readonly confirm: boolean | undefined })[]
  /** Who listens now. */
  readonly subscriptions: Set<Subscription>
  /** How often somebody began to listen. */
  joins(): number
  /** What `send` answers from now on. */
  answer(result: SendResult): void
  message(message: OnlineMessage): void
  typists(digest: Digest): void
  refuse(failure: SendFailure): void
}

/** A transport that goes nowhere: a test writes both ends. */
export function createFakeTransport(): FakeTransport {
  const subscriptions = new Set<Subscription>()
  const sent: FakeTransport['sent'] = []
  let joins = 0
  let result: SendResult = { ok: true }
  const tell = (call: (on: TransportListener) => void) => {
    for (const { on } of [...subscriptions]) call(on)
  }
  return {
    connection: createStore<ConnectionState>(() => 'online'),
    sent,
    subscriptions,
    joins: () => joins,
    answer(next) {
      result = next
    },
    message: (message) => tell((on) => on.message(message)),
    typists: (digest) => tell((on) => on.typists(digest)),
    refuse: (failure) => tell((on) => on.refused?.(failure)),
    send(message, options) {
      sent.push({ ...message, confirm: options?.confirm })
      return Promise.resolve(result)
    },
    subscribe(conversation, on) {
      const subscription = { conversation, on }
      subscriptions.add(subscription)
      joins++
      return () => subscriptions.delete(subscription)
    },
  }
}

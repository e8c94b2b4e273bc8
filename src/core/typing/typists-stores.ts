import { createError } from '../errors.ts'
import { isDevelopment } from '../is-development.ts'
import { TYPING_COMMAND } from '../message/commands.ts'
import { type Conversation, conversationKey, isId } from '../message/conversation.ts'
import type { SendFailure } from '../message/send-result.ts'
import type { ReadonlyStore } from '../readonly-store.ts'
import type { Transport } from '../transport/transport.ts'
import { createTypingReceiver, type TypingReceiver } from './typing-receiver.ts'
import { NO_TYPISTS, type TypingState } from './typing.ts'

interface TypistsStoresOptions {
  readonly transport: Transport
  /** Called when the subscription to a conversation was refused or has been revoked. */
  onRefused(conversation: Conversation, failure: SendFailure): void
}

interface TypistsStores {
  /** Who types in a conversation. All stores of one conversation share one receiver. */
  typists(conversation: Conversation): ReadonlyStore<TypingState>
  /**
   * Removes a typist whose chat message has arrived (R6).
   *
   * @throws TypeError in development, when the id of the user is not a string: it would remove nobody.
   */
  clearTypist(conversation: Conversation, userId: string): void
}

/** Makes the stores of who types, one receiver per conversation while somebody is subscribed to it. */
export function createTypistsStores({ transport, onRefused }: TypistsStoresOptions): TypistsStores {
  /** The receivers that have subscribers, by conversation. */
  const receivers = new Map<string, TypingReceiver>()

  const subscribe = (conversation: Conversation, receiver: TypingReceiver) => {
    const unsubscribe = transport.subscribe(conversation, {
      message(message) {
        if (message.command === TYPING_COMMAND) receiver.lease(message)
      },
      typists(state) {
        receiver.update(state)
      },
      reset() {
        receiver.reset()
      },
      refused(failure) {
        receiver.reset()
        onRefused(conversation, failure)
      },
    })
    // R5: what was true before a disconnect may not be true after it.
    const unsubscribeFromConnection = transport.connection.subscribe((state) => {
      if (state !== 'online') receiver.reset()
    })
    return () => {
      unsubscribeFromConnection()
      unsubscribe()
    }
  }

  const createReceiver = (key: string, conversation: Conversation): TypingReceiver => {
    const receiver = createTypingReceiver(() => {
      receivers.set(key, receiver)
      const unsubscribe = subscribe(conversation, receiver)
      return () => {
        receivers.delete(key)
        unsubscribe()
      }
    })
    return receiver
  }

  return {
    typists(conversation) {
      const key = conversationKey(conversation)
      return {
        getInitialState: () => NO_TYPISTS,
        getState: () => receivers.get(key)?.getState() ?? NO_TYPISTS,
        subscribe(listener) {
          const receiver = receivers.get(key) ?? createReceiver(key, conversation)
          return receiver.subscribe(listener)
        },
      }
    },
    clearTypist(conversation, userId) {
      if (isDevelopment && process.env.NODE_ENV !== 'production' && !isId(userId)) {
        throw createError(
          TypeError,
          'invalid-id',
          `clearTypist was given a ${typeof userId} as the id of a user. Give a string: String(id) of a number or an ObjectId.`,
        )
      }
      receivers.get(conversationKey(conversation))?.clear(userId)
    },
  }
}

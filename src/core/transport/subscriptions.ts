import { callSafely } from '../call-safely.ts'
import { type Conversation, conversationKey } from '../message/conversation.ts'
import type { TransportListener } from './transport.ts'

/** The subscribers of a transport. */
export interface Subscriptions {
  /** Subscribes to a conversation, until the function that it returns is called. */
  add(conversation: Conversation, listener: TransportListener): () => void
  /** The conversations that have a subscriber, by their key. */
  readonly conversations: ReadonlyMap<string, Conversation>
  /**
   * Calls every subscriber of a conversation. An error that one of them throws is reported as an uncaught error; the
   * others are called all the same.
   */
  notify(conversation: Conversation, call: (listener: TransportListener) => void): void
}

/**
 * Makes an empty set of subscriptions.
 *
 * @param onChange is called after each new subscription, because a later subscriber needs to know who types as well, and
 * after the last subscriber of a conversation has unsubscribed (T5).
 */
export function createSubscriptions(onChange: (key: string, conversation: Conversation) => void): Subscriptions {
  const conversations = new Map<string, Conversation>()
  const listenersByKey = new Map<string, Set<TransportListener>>()

  return {
    conversations,
    add(conversation, listener) {
      const key = conversationKey(conversation)
      const listeners = listenersByKey.get(key) ?? new Set()
      // A copy, so that one listener may subscribe twice.
      const ownListener = { ...listener }
      listeners.add(ownListener)
      listenersByKey.set(key, listeners)
      conversations.set(key, conversation)
      onChange(key, conversation)

      return () => {
        const wasSubscribed = listeners.delete(ownListener)
        if (!wasSubscribed || listeners.size > 0) return
        listenersByKey.delete(key)
        conversations.delete(key)
        onChange(key, conversation)
      }
    },
    notify(conversation, call) {
      const listeners = listenersByKey.get(conversationKey(conversation))
      if (!listeners) return
      // A copy, because a listener may subscribe another one, which is not called for this message.
      for (const listener of [...listeners]) {
        // A listener that was called before may have unsubscribed this one.
        if (listeners.has(listener)) callSafely(() => call(listener))
      }
    },
  }
}

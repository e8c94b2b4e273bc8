import { type Conversation, conversationKey } from '../message/conversation.ts'
import type { TransportListener } from './transport.ts'

/** Who listens to what, for a transport. */
export interface Subscriptions {
  add(conversation: Conversation, on: TransportListener): () => void
  /** Every conversation somebody listens to, by its key. */
  readonly conversations: ReadonlyMap<string, Conversation>
  /** Calls all who listen to a conversation. One that throws is reported as an uncaught error and stops no other. */
  notify(conversation: Conversation, call: (on: TransportListener) => void): void
}

/**
 * @param changed is called after each subscription, since a later subscriber wants to know who types as well, and after
 * the last one of a conversation has gone (T5).
 */
export function createSubscriptions(changed: (key: string, conversation: Conversation) => void): Subscriptions {
  const conversations = new Map<string, Conversation>()
  const listeners = new Map<string, Set<TransportListener>>()
  return {
    conversations,
    add(conversation, on) {
      const key = conversationKey(conversation)
      const among = listeners.get(key) ?? new Set()
      // A copy, so that one listener may subscribe twice.
      const own = { ...on }
      listeners.set(key, among.add(own))
      conversations.set(key, conversation)
      changed(key, conversation)
      return () => {
        if (!among.delete(own) || among.size) return
        listeners.delete(key)
        conversations.delete(key)
        changed(key, conversation)
      }
    },
    notify(conversation, call) {
      const among = listeners.get(conversationKey(conversation))
      for (const on of new Set(among)) {
        try {
          // One told before may have ended this one.
          if (among?.has(on)) call(on)
        } catch (error) {
          queueMicrotask(() => {
            throw error
          })
        }
      }
    },
  }
}

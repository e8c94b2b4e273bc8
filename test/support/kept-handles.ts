import type { OnlineMessageClient, TypingHandle } from '../../src/core/index.ts'
import { conversationKey } from '../../src/core/message/conversation.ts'

/**
 * A client with one typing handle for each conversation, so that a test may write `client.typing(group)` each time. In an
 * app every call returns a handle of its own, which ends only what it began (S7).
 */
export function withKeptHandles(client: OnlineMessageClient): OnlineMessageClient {
  const handles = new Map<string, TypingHandle>()
  return {
    ...client,
    typing(conversation) {
      const key = conversationKey(conversation)
      const handle = handles.get(key) ?? client.typing(conversation)
      handles.set(key, handle)
      return handle
    },
  }
}

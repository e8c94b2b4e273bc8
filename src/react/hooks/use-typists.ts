'use client'

import type { OnlineMessageClient } from '../../core/client.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import { createLifecycleStore } from '../../core/lifecycle-store.ts'
import { NO_TYPISTS, type TypingState } from '../../core/typing/typing.ts'
import { useConversation } from './use-conversation.ts'
import { useStore } from './use-store.ts'

const EMPTY = /* @__PURE__ */ createLifecycleStore(NO_TYPISTS, () => () => {})

const typistsOf = (client: OnlineMessageClient, conversation: Conversation | null) =>
  [conversation ? client.typists(conversation) : EMPTY] as const

/**
 * The receiving half of typing: who types, for headers and lists. It renders only when that changes, never for a
 * renewal (R2).
 *
 * @param conversation may be a new object in each render, or `null` while none is chosen: then nobody types.
 */
export const useTypists = (conversation: Conversation | null): TypingState =>
  useStore(useConversation(conversation, typistsOf, 0, 0))

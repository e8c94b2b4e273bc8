'use client'

import { useMemo } from 'react'
import { useStore } from 'zustand'
import { createStore } from 'zustand/vanilla'
import type { Conversation } from '../../core/message/conversation.ts'
import type { ReadonlyStore } from '../../core/readonly-store.ts'
import { NO_TYPISTS, type TypingState } from '../../core/typing/typing.ts'
import { useConversation } from './use-conversation.ts'

/** What is read while no conversation is chosen. */
const NO_CONVERSATION: ReadonlyStore<TypingState> = /* @__PURE__ */ createStore(() => NO_TYPISTS)

/**
 * The receiving half of typing, for headers and lists: who is typing. It renders only when that changes, and never for a
 * renewal (R2).
 *
 * @param conversation may be a new object in each render, or `null` while none is chosen: then nobody is typing.
 */
export function useTypists(conversation: Conversation | null): TypingState {
  const chosen = useConversation(conversation)
  const store = useMemo(() => (chosen ? chosen.client.typists(chosen.conversation) : NO_CONVERSATION), [chosen])
  return useStore(store)
}

'use client'

import type { Conversation } from '../../core/message/conversation.ts'
import type { TypingState } from '../../core/typing/typing.ts'
import { useTypists } from '../../react/hooks/use-typists.ts'
import type { TypingInputOptions } from '../../react/input/typing-input-options.ts'
import type { TypingInput } from './typing-input.ts'
import { useTypingInput } from './use-typing-input.ts'

/** Who is typing, and the handlers that show others that you are. */
export interface TypingIndicator extends TypingState, TypingInput {}

/**
 * Both halves of typing in one conversation, for a small chat in one component. In a larger chat use `useTypingInput` in
 * the composer, which then does not render when somebody else types, and `useTypists` or the badge elsewhere.
 *
 * @param conversation may be a new object in each render, or `null` while none is chosen.
 */
export function useTypingIndicator(conversation: Conversation | null, options?: TypingInputOptions): TypingIndicator {
  return { ...useTypists(conversation), ...useTypingInput(conversation, options) }
}

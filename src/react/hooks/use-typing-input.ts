'use client'

import type { Conversation } from '../../core/message/conversation.ts'
import { createTypingInput, type TypingInput, type TypingInputOptions } from '../input/typing-input.ts'
import { useConversation } from './use-conversation.ts'

/**
 * The sending half of typing: others are told while a person types. It never renders its component. Unmount, another
 * conversation and `enabled: false` end typing at once (S4); so does an emptied field. Call `stop()` before you send.
 *
 * ```tsx
 * const { inputProps, stop } = useTypingInput({ user: 'ann' })
 * return <textarea {...inputProps} />
 * ```
 *
 * @param conversation may be a new object in each render, or `null` while none is chosen: then nothing is sent.
 */
export const useTypingInput = (conversation: Conversation | null, options: TypingInputOptions = {}): TypingInput =>
  useConversation(options.enabled === false ? null : conversation, createTypingInput, options, 0)

'use client'

import { useEffect, useMemo } from 'react'
import type { Conversation } from '../../core/message/conversation.ts'
import { createTypingInput, type TypingInput } from '../input/typing-input.ts'
import type { TypingInputOptions } from '../input/typing-input-options.ts'
import { useConversation } from './use-conversation.ts'
import { useLatest } from './use-latest.ts'

/**
 * The sending half of typing: others see that a person is typing. It never renders its component. Unmounting, another
 * conversation, `enabled: false` and an emptied field end typing at once (S4). Call `stop()` before you send the message.
 *
 * ```tsx
 * const { inputProps, stop } = useTypingInput({ user: 'ann' })
 * return <textarea {...inputProps} />
 * ```
 *
 * @param conversation may be a new object in each render, or `null` while none is chosen: then nothing is sent.
 */
export function useTypingInput(conversation: Conversation | null, options: TypingInputOptions = {}): TypingInput {
  const isEnabled = options.enabled ?? true
  const chosen = useConversation(isEnabled ? conversation : null)
  const getOptions = useLatest(options)
  const { input, end } = useMemo(() => {
    const handle = chosen?.client.typing(chosen.conversation)
    return createTypingInput(handle, getOptions)
  }, [chosen, getOptions])
  useEffect(() => end, [end])
  return input
}

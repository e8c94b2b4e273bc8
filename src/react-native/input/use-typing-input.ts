'use client'

import { useEffect, useMemo } from 'react'
import type { Conversation } from '../../core/message/conversation.ts'
import { useConversation } from '../../react/hooks/use-conversation.ts'
import { useLatest } from '../../react/hooks/use-latest.ts'
import type { TypingInputOptions } from '../../react/input/typing-input-options.ts'
import { createTypingInput, type TypingInput } from './typing-input.ts'

/**
 * The sending half of typing: others see that a person is typing. It never renders its component. Unmounting, another
 * conversation, `enabled: false`, an emptied field and an app in the background end typing at once (S4). Call `stop()`
 * before you send the message.
 *
 * ```tsx
 * const { inputProps, stop } = useTypingInput({ user: 'ann' })
 * return <TextInput {...inputProps} value={text} onChangeText={setText} />
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

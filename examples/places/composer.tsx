import { type ReactNode, type SubmitEvent, useState } from 'react'
import { type Conversation, TypingBadge, type TypingBadgeProps, useTypingInput } from '../../src/index.ts'

interface ComposerProps {
  conversation: Conversation
  variant?: TypingBadgeProps['variant']
  onSend: (text: string) => void
}

export function Composer({ conversation, variant, onSend }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput(conversation)
  const [text, setText] = useState('')

  const send = (event: SubmitEvent) => {
    event.preventDefault()
    // Stop before you send: then typing ends before the message arrives.
    stop()
    onSend(text)
    setText('')
  }

  return (
    <form onSubmit={send}>
      <textarea
        aria-label="Message"
        placeholder="Message"
        rows={2}
        value={text}
        onChange={(event) => setText(event.target.value)}
        {...inputProps}
      />
      <button>Send</button>
      <TypingBadge conversation={conversation} variant={variant} />
    </form>
  )
}

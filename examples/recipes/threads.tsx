import type { ReactNode } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'

interface ThreadComposerProps {
  group: string
  /** The id of the message that began the thread. Leave it out for the group itself. */
  thread?: string
}

export function ThreadComposer({ group, thread }: ThreadComposerProps): ReactNode {
  const conversation = { group, thread }
  const { inputProps } = useTypingInput(conversation)
  return (
    <>
      <textarea aria-label={thread ? 'Reply' : 'Message'} {...inputProps} />
      <TypingBadge conversation={conversation} />
    </>
  )
}

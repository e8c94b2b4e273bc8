import type { ReactNode } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'

interface ThreadProps {
  group: string
  thread: string
  replies: readonly string[]
}

/** A thread is a conversation of its own: who types in it is not seen in the group, nor the other way round. */
export function ThreadPane({ group, thread, replies }: ThreadProps): ReactNode {
  const { inputProps } = useTypingInput({ group, thread })
  return (
    <section aria-label="Thread">
      <h3>Thread</h3>
      <ul>
        {replies.map((reply) => (
          <li key={reply}>{reply}</li>
        ))}
      </ul>
      <textarea aria-label="Reply" placeholder="Reply…" rows={1} {...inputProps} />
      <TypingBadge conversation={{ group, thread }} />
    </section>
  )
}

/** Below the message it began with: how many replies there are, and that one more is being written. */
export function ThreadLink({ group, thread, replies }: ThreadProps): ReactNode {
  return (
    <a href="#thread">
      {replies.length} replies <TypingBadge variant="dots" conversation={{ group, thread }} announce={false} />
    </a>
  )
}

import type { ReactNode } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'

interface ThreadProps {
  group: string
  thread: string
  replies: readonly string[]
}

/** A thread is a conversation of its own: its typists are not shown in the group, and the group's not in the thread. */
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

/** The link below the first message of the thread: the number of replies, and dots while somebody writes another one. */
export function ThreadLink({ group, thread, replies }: ThreadProps): ReactNode {
  return (
    <a href="#thread">
      {replies.length} replies <TypingBadge variant="dots" conversation={{ group, thread }} announce={false} />
    </a>
  )
}

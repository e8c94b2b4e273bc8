import type { ReactNode } from 'react'
import { TypingBadge, type TypingBadgeProps } from '../../src/index.ts'
import './badge-or-text.css'

interface ConversationRowProps {
  group: string
  name: string
  lastMessage: string
  time: string
  variant?: TypingBadgeProps['variant']
}

/** `announce={false}`: a screen reader should not read out every row of a list in which somebody types. */
export function ConversationRow({ group, name, lastMessage, time, variant }: ConversationRowProps): ReactNode {
  return (
    <li>
      <b>{name}</b> <time>{time}</time>
      <p className="badge-or-text">
        <TypingBadge conversation={{ group }} variant={variant} announce={false} />
        <span>{lastMessage}</span>
      </p>
    </li>
  )
}

import type { ReactNode } from 'react'
import { type Conversation, TypingBadge } from '../../src/index.ts'
import './badge-or-text.css'

interface ChatHeaderProps {
  conversation: Conversation
  title: string
  /** Shown while nobody types. */
  subtitle: string
}

export function ChatHeader({ conversation, title, subtitle }: ChatHeaderProps): ReactNode {
  return (
    <header>
      <h2>{title}</h2>
      <p className="badge-or-text">
        <TypingBadge conversation={conversation} />
        <span>{subtitle}</span>
      </p>
    </header>
  )
}

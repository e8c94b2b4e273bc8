import type { ReactNode } from 'react'
import { type Conversation, TypingBadge } from '../../src/index.ts'
import './instead.css'

interface ChatHeaderProps {
  conversation: Conversation
  title: string
  /** What is read there while nobody types. */
  subtitle: string
}

export function ChatHeader({ conversation, title, subtitle }: ChatHeaderProps): ReactNode {
  return (
    <header>
      <h2>{title}</h2>
      <p className="instead">
        <TypingBadge conversation={conversation} />
        <span>{subtitle}</span>
      </p>
    </header>
  )
}

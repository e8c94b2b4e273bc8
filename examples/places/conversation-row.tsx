import type { ReactNode } from 'react'
import { TypingBadge, type TypingBadgeProps } from '../../src/index.ts'
import './instead.css'

interface ConversationRowProps {
  group: string
  name: string
  lastMessage: string
  time: string
  variant?: TypingBadgeProps['variant']
}

/** In a list nobody wants to hear them all: `announce={false}`. */
export function ConversationRow({ group, name, lastMessage, time, variant }: ConversationRowProps): ReactNode {
  return (
    <li>
      <b>{name}</b> <time>{time}</time>
      <p className="instead">
        <TypingBadge conversation={{ group }} variant={variant} announce={false} />
        <span>{lastMessage}</span>
      </p>
    </li>
  )
}

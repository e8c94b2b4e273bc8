import type { ReactNode } from 'react'
import { type Conversation, TypingBadge, useConnection } from '../../src/index.ts'
import './instead.css'

const words = { online: '', connecting: 'Reconnecting…', offline: 'You are offline' }

/** Without a connection nobody is known to type, so the badge is empty by itself; what is left is to say why. */
export function Subtitle({ conversation, subtitle }: { conversation: Conversation; subtitle: string }): ReactNode {
  const connection = useConnection()
  return (
    <p className="instead">
      <TypingBadge conversation={conversation} />
      <span>
        {connection === 'online' && subtitle}
        <span role="status">{words[connection]}</span>
      </span>
    </p>
  )
}

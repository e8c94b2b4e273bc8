import type { ReactNode } from 'react'
import { type Conversation, TypingBadge, useConnection } from '../../src/index.ts'
import './badge-or-text.css'

const connectionTexts = { online: '', connecting: 'Reconnecting…', offline: 'You are offline' }

interface SubtitleProps {
  conversation: Conversation
  /** Shown while we are online and nobody types. */
  subtitle: string
}

/** Without a connection the badge empties by itself. This line then says why. */
export function Subtitle({ conversation, subtitle }: SubtitleProps): ReactNode {
  const connection = useConnection()
  return (
    <p className="badge-or-text">
      <TypingBadge conversation={conversation} />
      <span>
        {connection === 'online' && subtitle}
        <span role="status">{connectionTexts[connection]}</span>
      </span>
    </p>
  )
}

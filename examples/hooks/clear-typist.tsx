import { type ReactNode, useEffect, useState } from 'react'
import { TypingBadge, useOnlineMessageClient } from '../../src/index.ts'

interface LatestMessageProps {
  user: string
  /** Calls the listener with each message of that user, which your own server sends. Returns what unsubscribes it. */
  subscribeToMessages: (listener: (text: string) => void) => () => void
}

/** When a message arrives, its author is no longer shown as typing. */
export function LatestMessage({ user, subscribeToMessages }: LatestMessageProps): ReactNode {
  const client = useOnlineMessageClient()
  const [latestMessage, setLatestMessage] = useState('')

  useEffect(
    () =>
      subscribeToMessages((text) => {
        client.clearTypist({ user }, user)
        setLatestMessage(text)
      }),
    [client, user, subscribeToMessages],
  )

  return (
    <>
      <p>{latestMessage}</p>
      <TypingBadge conversation={{ user }} />
    </>
  )
}

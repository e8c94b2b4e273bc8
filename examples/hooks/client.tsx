import { type ReactNode, useEffect, useState } from 'react'
import { TypingBadge, useOnlineMessageClient } from '../../src/index.ts'

interface LatestProps {
  user: string
  /** The app's own messages of that user. */
  onMessage: (listener: (text: string) => void) => () => void
}

/** When a message arrives its typist goes with it, and does not flicker back. */
export function Latest({ user, onMessage }: LatestProps): ReactNode {
  const client = useOnlineMessageClient()
  const [latest, setLatest] = useState('')
  useEffect(
    () =>
      onMessage((text) => {
        client.clearTypist({ user }, user)
        setLatest(text)
      }),
    [client, user, onMessage],
  )
  return (
    <>
      <p>{latest}</p>
      <TypingBadge conversation={{ user }} />
    </>
  )
}

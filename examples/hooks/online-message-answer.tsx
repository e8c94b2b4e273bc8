import { type ReactNode, useState } from 'react'
import { useOnlineMessage } from '../../src/index.ts'

/** Sending answers: it never rejects, and nothing is kept for later. */
export function Nudge({ user }: { user: string }): ReactNode {
  const [last, setLast] = useState('')
  const nudge = useOnlineMessage({
    conversation: { user },
    command: 'nudge',
    onMessage: ({ from }) => setLast(`${from.name ?? from.id} nudges you.`),
  })
  const send = async () => {
    const result = await nudge({})
    setLast(result.ok ? 'Sent.' : result.code)
  }
  return (
    <>
      <button onClick={() => void send()}>Nudge</button>
      <p role="status">{last}</p>
    </>
  )
}

import { type ReactNode, useState } from 'react'
import { useOnlineMessage } from '../../src/index.ts'

/** Sending never rejects: it returns a result. A nudge that could not be sent is not sent later. */
export function Nudge({ user }: { user: string }): ReactNode {
  const [status, setStatus] = useState('')

  const sendNudge = useOnlineMessage({
    conversation: { user },
    command: 'nudge',
    onMessage: ({ from }) => setStatus(`${from.name ?? from.id} nudges you.`),
  })

  const nudge = async () => {
    const result = await sendNudge({})
    setStatus(result.ok ? 'Sent.' : `Not sent: ${result.code}.`)
  }

  return (
    <>
      <button onClick={() => void nudge()}>Nudge</button>
      <p role="status">{status}</p>
    </>
  )
}

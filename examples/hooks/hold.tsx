import { type ReactNode, useState } from 'react'
import { useTypingInput } from '../../src/index.ts'

/** What goes on without keys is held, and let go when it is over. */
export function Recorder({ to: user }: { to: string }): ReactNode {
  const { startActivity: hold } = useTypingInput({ user })
  const [stop, setStop] = useState<(() => void) | null>(null)
  const toggle = () => {
    stop?.()
    const release = stop ? null : hold('recording')
    setStop(() => release)
  }
  return <button onClick={toggle}>{stop ? 'Stop' : 'Record'}</button>
}

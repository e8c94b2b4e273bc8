import { type ReactNode, useEffect, useState } from 'react'
import { useTypingInput } from '../../src/index.ts'

/** A recording needs no keys: it is shown until the function that `startActivity` returns is called. */
export function Recorder({ user }: { user: string }): ReactNode {
  const { startActivity } = useTypingInput({ user })
  const [isRecording, setIsRecording] = useState(false)

  useEffect(() => {
    if (!isRecording) return
    const endActivity = startActivity('recording')
    return endActivity
  }, [isRecording, startActivity])

  return <button onClick={() => setIsRecording(!isRecording)}>{isRecording ? 'Stop' : 'Record'}</button>
}

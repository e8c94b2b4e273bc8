import { type ReactNode, useState } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'

/** People who hide their own typing do not see that of others. */
export function PrivateChat({ user }: { user: string }): ReactNode {
  const [enabled, setEnabled] = useState(true)
  const { inputProps } = useTypingInput({ user }, { enabled })
  return (
    <>
      <label>
        <input type="checkbox" checked={enabled} onChange={(event) => setEnabled(event.target.checked)} />
        Typing indicators
      </label>
      <textarea aria-label="Message" {...inputProps} />
      <TypingBadge conversation={enabled ? { user } : null} />
    </>
  )
}

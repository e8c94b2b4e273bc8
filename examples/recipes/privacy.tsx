import { type ReactNode, useState } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'

/** Who does not show their own typing does not see the others’ either. */
export function PrivateChat({ with: user }: { with: string }): ReactNode {
  const [share, setShare] = useState(true)
  const { inputProps } = useTypingInput({ user }, { enabled: share })
  return (
    <>
      <label>
        <input type="checkbox" checked={share} onChange={(event) => setShare(event.target.checked)} />
        Typing indicators
      </label>
      <textarea aria-label="Message" {...inputProps} />
      <TypingBadge conversation={share ? { user } : null} />
    </>
  )
}

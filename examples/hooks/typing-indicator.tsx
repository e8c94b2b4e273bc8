import type { ReactNode } from 'react'
import { TypingBadge, useTypingIndicator } from '../../src/index.ts'

export function Chat({ user }: { user: string }): ReactNode {
  const { inputProps } = useTypingIndicator({ user })
  return (
    <>
      <TypingBadge conversation={{ user }} />
      <textarea aria-label="Message" placeholder="Type here" {...inputProps} />
    </>
  )
}

import type { ReactNode } from 'react'
import { useTypingIndicator } from '../../src/index.ts'

/** Without the badge: the hook's `typists` are plain data. */
export function TeamChat({ group }: { group: string }): ReactNode {
  const { typists, total, inputProps } = useTypingIndicator({ group })
  const names = typists.map(({ name }) => name).join(', ')
  return (
    <>
      <p>{total === 0 ? 'Nobody is writing.' : `Writing now: ${names}`}</p>
      <textarea aria-label="Message" placeholder="Type here" {...inputProps} />
    </>
  )
}

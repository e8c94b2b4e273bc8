import type { ReactNode } from 'react'
import { useTypingIndicator } from '../../src/index.ts'

/** Without the badge: the hook's `typists` are plain data. */
export function TeamChat({ group }: { group: string }): ReactNode {
  const { typists, total, inputProps } = useTypingIndicator({ group })
  return (
    <>
      <p>{total === 0 ? 'Nobody writes.' : `Pens in hand: ${typists.map(({ name }) => name).join(', ')}`}</p>
      <textarea aria-label="Message" placeholder="Type here" {...inputProps} />
    </>
  )
}

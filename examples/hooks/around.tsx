import type { ReactNode } from 'react'
import { useTypingInput } from '../../src/index.ts'

/** Somebody else's editor, that takes no props: spread them on anything around it. */
export function Wrapped({ to: user, editor }: { to: string; editor: ReactNode }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  return <div {...inputProps}>{editor}</div>
}

import type { ReactNode } from 'react'
import { useTypingInput } from '../../src/index.ts'

/** For an editor that takes no props of yours: put `inputProps` on any element around it. */
export function WrappedEditor({ user, editor }: { user: string; editor: ReactNode }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  return <div {...inputProps}>{editor}</div>
}

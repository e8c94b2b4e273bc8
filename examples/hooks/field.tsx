import type { ReactNode } from 'react'
import { useTypingInput } from '../../src/index.ts'

export function Field({ user }: { user: string }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  return <input aria-label="Message" placeholder="Type here" {...inputProps} />
}

import type { ReactNode } from 'react'
import { useTypingInput } from '../../src/index.ts'

export function TextArea({ user }: { user: string }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  return <textarea aria-label="Message" placeholder="Type here" {...inputProps} />
}

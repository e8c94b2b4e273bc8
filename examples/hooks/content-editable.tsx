import type { ReactNode } from 'react'
import { useTypingInput } from '../../src/index.ts'

export function RichText({ user }: { user: string }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  return <div contentEditable suppressContentEditableWarning role="textbox" aria-label="Message" {...inputProps} />
}

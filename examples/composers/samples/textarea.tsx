import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function TextareaComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const [text, setText] = useState(draft)

  const sendOnEnter = (event: KeyboardEvent) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    stop()
    send(text)
    setText('')
  }

  return (
    <>
      <textarea
        {...inputProps}
        aria-label="Message"
        placeholder="Type here"
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <button onClick={() => setText(REPLY)}>Canned reply</button>
    </>
  )
}

import Button from '@mui/material/Button'
import TextField from '@mui/material/TextField'
import { type KeyboardEvent, type ReactNode, useState } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function MuiComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
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
      <TextField
        {...inputProps}
        label="Message"
        multiline
        fullWidth
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={sendOnEnter}
      />
      <Button onClick={() => setText(REPLY)}>Canned reply</Button>
    </>
  )
}

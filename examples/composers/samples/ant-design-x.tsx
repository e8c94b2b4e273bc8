import { Sender } from '@ant-design/x'
import { Button } from 'antd'
import { type ReactNode, useState } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function AntDesignXComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const [text, setText] = useState(draft)

  return (
    <>
      <div {...inputProps}>
        <Sender
          aria-label="Message"
          placeholder="Type here"
          value={text}
          onChange={setText}
          onSubmit={(message) => {
            stop()
            send(message)
            setText('')
          }}
        />
      </div>
      <Button onClick={() => setText(REPLY)}>Canned reply</Button>
    </>
  )
}

import { MessageInput } from '@chatscope/chat-ui-kit-react'
import '@chatscope/chat-ui-kit-styles/dist/default/styles.min.css'
import { type ReactNode, useState } from 'react'
import { useTypingInput } from '../../../src/index.ts'
import { type ComposerProps, REPLY } from './composer-props.ts'

export function ChatscopeComposer({ user, draft = '', send, ignore }: ComposerProps): ReactNode {
  const { inputProps, stop } = useTypingInput({ user }, { ignore })
  const [html, setHtml] = useState(draft)

  return (
    <>
      <MessageInput
        {...inputProps}
        placeholder="Type here"
        attachButton={false}
        // The kit's send button is an icon without a name for screen readers. Enter sends.
        sendButton={false}
        value={html}
        onChange={setHtml}
        onSend={(_html, text) => {
          stop()
          send(text)
          setHtml('')
        }}
      />
      <button onClick={() => setHtml(REPLY)}>Canned reply</button>
    </>
  )
}

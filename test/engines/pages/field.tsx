/** Ann's composer in this page, and Bob, who is another device without a page. `?field=` chooses the composer. */
import { type KeyboardEvent, type ReactNode, StrictMode, useState } from 'react'
import { flushSync } from 'react-dom'
import { createRoot } from 'react-dom/client'
import { createOnlineMessageClient, OnlineMessageProvider, useTypingInput } from '../../../src/index.ts'
import { createMemoryNetwork } from '../../../src/transports/memory/index.ts'

declare global {
  interface Window {
    /** What Bob has seen of Ann, in order: `typing` and `nobody`. */
    bobHasSeen: string[]
  }
}

const toBob = { user: 'bob' }

function Input() {
  const { inputProps } = useTypingInput(toBob)
  return <input id="field" aria-label="Message" autoComplete="off" {...inputProps} />
}

function Textarea() {
  const { inputProps } = useTypingInput(toBob)
  return <textarea id="field" aria-label="Message" {...inputProps} />
}

function ContentEditable() {
  const { inputProps } = useTypingInput(toBob)
  return <div {...inputProps} id="field" contentEditable role="textbox" aria-label="Message" />
}

/** Enter sends and empties the field. */
function Sending() {
  const { inputProps } = useTypingInput(toBob)
  const [text, setText] = useState('')
  const onKeyDown = (event: KeyboardEvent) => {
    if (event.key !== 'Enter') return
    event.preventDefault()
    setText('')
  }
  return (
    <textarea
      {...inputProps}
      id="field"
      aria-label="Message"
      value={text}
      onChange={(event) => setText(event.target.value)}
      onKeyDown={onKeyDown}
    />
  )
}

const fields: Readonly<Record<string, () => ReactNode>> = {
  input: Input,
  textarea: Textarea,
  contenteditable: ContentEditable,
  sending: Sending,
}

const network = createMemoryNetwork()
const ann = createOnlineMessageClient({ transport: network.join({ id: 'ann' }) })
const bob = createOnlineMessageClient({ transport: network.join({ id: 'bob' }) })
window.bobHasSeen = []
bob.typists({ user: 'ann' }).subscribe(({ total }) => {
  window.bobHasSeen.push(total > 0 ? 'typing' : 'nobody')
})

const Field = fields[new URLSearchParams(location.search).get('field') ?? 'input']!
const root = createRoot(document.querySelector('#root')!)
// At once, so that the field is there when the page has loaded.
flushSync(() =>
  root.render(
    <StrictMode>
      <OnlineMessageProvider client={ann}>
        <Field />
      </OnlineMessageProvider>
    </StrictMode>,
  ),
)

/** A chat between two tabs of a browser. A button shows the field in a window of its own, through a portal. */
import { useState, type KeyboardEvent } from 'react'
import { createPortal } from 'react-dom'
import { createRoot } from 'react-dom/client'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  useOnlineMessage,
  useTypingIndicator,
} from '../../../src/index.ts'
import { createBroadcastChannelTransport } from '../../../src/transports/broadcast-channel/index.ts'

const parameters = new URLSearchParams(location.search)
const conversation = { user: parameters.get('to') ?? '' }
const transport = createBroadcastChannelTransport({ user: { id: parameters.get('user') ?? '' } })
const client = createOnlineMessageClient({ transport })

function Chat() {
  // Here and not in the field's own component: it goes on when the window closes.
  const { inputProps, stop } = useTypingIndicator(conversation)
  const [popup, setPopup] = useState<Window | null>(null)
  const [lines, setLines] = useState<string[]>([])
  const send = useOnlineMessage({
    conversation,
    command: 'line',
    onMessage: ({ data }) => setLines((before) => [...before, String(data)]),
  })

  const sendOnEnter = ({ key, currentTarget }: KeyboardEvent<HTMLInputElement>) => {
    if (key !== 'Enter') return
    stop()
    void send(currentTarget.value)
    currentTarget.value = ''
  }
  const field = <input aria-label="Message" onKeyDown={sendOnEnter} {...inputProps} />

  return (
    <main>
      <TypingBadge conversation={conversation} />
      <output>{lines.join('\n')}</output>
      <button onClick={() => setPopup(window.open('', 'chat', 'width=400,height=300'))}>Pop out</button>
      {popup ? createPortal(field, popup.document.body) : field}
    </main>
  )
}

createRoot(document.querySelector('#root')!).render(
  <OnlineMessageProvider client={client}>
    <Chat />
  </OnlineMessageProvider>,
)

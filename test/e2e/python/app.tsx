/** The README's app, as Ann, with lines that are sent as online messages. */
import { useState } from 'react'
import { createRoot } from 'react-dom/client'
import { io } from 'socket.io-client'
import {
  createOnlineMessageClient,
  OnlineMessageProvider,
  TypingBadge,
  useConnection,
  useOnlineMessage,
  useTypingIndicator,
} from '../../../src/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'

const server = new URLSearchParams(location.search).get('server') ?? ''
const socket = io(server, { auth: { user: 'ann' }, reconnectionDelay: 100, reconnectionDelayMax: 500 })
const client = createOnlineMessageClient({ transport: createSocketTransport(socket) })
const conversation = { user: 'bob' }

function Chat() {
  const { inputProps, stop } = useTypingIndicator(conversation)
  const [lines, setLines] = useState<string[]>([])
  const send = useOnlineMessage({
    conversation,
    command: 'line',
    onMessage({ data }) {
      client.clearTypist(conversation, 'bob')
      setLines((before) => [...before, String(data)])
    },
  })
  return (
    <main data-connection={useConnection()}>
      <TypingBadge conversation={conversation} />
      <output>{lines.join('\n')}</output>
      <form
        action={(form) => {
          stop()
          void send(form.get('message'))
        }}
      >
        <input name="message" aria-label="Message" {...inputProps} />
      </form>
    </main>
  )
}

createRoot(document.querySelector('#root')!).render(
  <OnlineMessageProvider client={client}>
    <Chat />
  </OnlineMessageProvider>,
)

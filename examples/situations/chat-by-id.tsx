import { type ReactElement, useEffect, useState } from 'react'
import type { Socket } from 'socket.io-client'
import { formatTyping, TypingBadge, useOnlineMessageClient, useTypingInput } from '../../src/index.ts'

/** A message of your app, which your server stores. */
export interface ChatMessage {
  readonly chatId: string
  readonly authorId: string
  readonly text: string
}

interface ChatProps {
  readonly socket: Socket
  readonly chatId: string
  /** In a chat of two people: the other one. */
  readonly otherUserId?: string
}

export function Chat({ socket, chatId, otherUserId }: ChatProps): ReactElement {
  const client = useOnlineMessageClient()
  const [latest, setLatest] = useState('')
  const [draft, setDraft] = useState('')
  const { inputProps, stop } = useTypingInput({ group: chatId })

  useEffect(() => {
    const receive = (message: ChatMessage) => {
      // The chat and the author of the message that has arrived, whichever chat is on the screen.
      client.clearTypist({ group: message.chatId }, message.authorId)
      if (message.chatId === chatId) setLatest(message.text)
    }
    socket.on('message', receive)
    return () => {
      socket.off('message', receive)
    }
  }, [client, socket, chatId])

  const send = () => {
    stop()
    socket.emit('message', chatId, draft)
    setDraft('')
  }

  return (
    <section aria-label={chatId}>
      <p>{latest}</p>
      {otherUserId === undefined ? (
        <TypingBadge conversation={{ group: chatId }} />
      ) : (
        // Without a name, as between two people: "The other party is typing…".
        <TypingBadge
          conversation={{ group: chatId }}
          format={(state, locale) => formatTyping({ ...state, conversation: { user: otherUserId } }, locale)}
        />
      )}
      <textarea aria-label="Message" value={draft} onChange={(event) => setDraft(event.target.value)} {...inputProps} />
      <button onClick={send}>Send</button>
    </section>
  )
}

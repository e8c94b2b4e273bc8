import { type ReactNode, type SubmitEvent, useState } from 'react'
import { TypingBadge, useTypingInput } from '../../src/index.ts'
import type { ChatSocket } from './chat-server.ts'
import type { Person } from './people.ts'
import { useChat } from './use-chat.ts'

interface ChatProps {
  readonly me: Person
  readonly other: Person
  readonly socket: ChatSocket
}

/** A chat of two people, as one of them sees it. */
export function Chat({ me, other, socket }: ChatProps): ReactNode {
  const { messages, unsentTexts, send } = useChat(socket, me)
  return (
    <>
      <header className="chat-header">
        <span className="avatar" aria-hidden>
          {other.name[0]}
        </span>
        <h2>
          {me.name}’s screen <span>· chat with {other.name}</span>
        </h2>
        <TypingBadge className="subtitle" conversation={{ user: other.id }} />
      </header>
      <div className="log" role="log" aria-label="Messages" tabIndex={0}>
        <ol>
          {messages.map(({ id, from, text }) => (
            <li key={id} className={from === me.id ? 'mine' : 'theirs'}>
              {text}
            </li>
          ))}
          {unsentTexts.map((text, index) => (
            <li key={`unsent ${index}`} className="mine unsent">
              {text}
            </li>
          ))}
        </ol>
      </div>
      <Composer other={other} send={send} />
    </>
  )
}

interface ComposerProps {
  readonly other: Person
  readonly send: (text: string) => void
}

function Composer({ other, send }: ComposerProps) {
  const { inputProps, stop } = useTypingInput({ user: other.id })
  const [text, setText] = useState('')

  const submit = (event: SubmitEvent) => {
    event.preventDefault()
    if (!text.trim()) return
    // Stop before you send: then typing ends before the message arrives.
    stop()
    send(text)
    setText('')
  }
  return (
    <form className="composer" onSubmit={submit}>
      <input
        {...inputProps}
        aria-label="Message"
        placeholder={`Message to ${other.name}`}
        autoComplete="off"
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.target.value)}
      />
      <button>Send</button>
    </form>
  )
}

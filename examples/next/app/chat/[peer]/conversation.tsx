'use client'

import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { TypingBadge, useTypingInput } from 'react-online-message'
import type { Person } from '../../../people'
import { socket } from '../socket'
import { useMessages } from './use-messages'

export function Conversation({ peer }: { peer: Person }) {
  const messages = useMessages(peer.id)
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [messages])
  return (
    <main>
      <h1>{peer.name}</h1>
      <div role="log" aria-label="Messages">
        {messages.map(({ id, from, text }) => (
          <p key={id} className={from === peer.id ? 'theirs' : 'mine'}>
            {text}
          </p>
        ))}
      </div>
      <TypingBadge conversation={{ user: peer.id }} />
      <Composer peer={peer} />
      <div ref={end} />
    </main>
  )
}

function Composer({ peer }: { peer: Person }) {
  const [text, setText] = useState('')
  const { inputProps, stop } = useTypingInput({ user: peer.id })
  const send = (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    // First, so that the badge is gone when the message arrives.
    stop()
    socket.emit('message', peer.id, text)
    setText('')
  }
  return (
    <form onSubmit={send}>
      <input
        aria-label={`Message to ${peer.name}`}
        placeholder="Write something"
        autoComplete="off"
        maxLength={1000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        {...inputProps}
      />
      <button>Send</button>
    </form>
  )
}

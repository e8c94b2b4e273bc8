import { type KeyboardEvent, type SubmitEvent, useState } from 'react'
import { TypingBadge, useTypingInput } from 'react-online-message'
import type { Message, Room } from '../shared.ts'
import { sendMessage } from './api.ts'

interface ComposerProps {
  room: Room
  onSent: (message: Message) => void
}

export function Composer({ room, onSent }: ComposerProps) {
  const { inputProps, stop } = useTypingInput({ group: room.id })
  const [text, setText] = useState('')
  const [hasFailed, setHasFailed] = useState(false)

  const send = async (event: SubmitEvent) => {
    event.preventDefault()
    if (text.trim() === '') return
    // First, so that typing ends before the message arrives.
    stop()
    setText('')
    try {
      onSent(await sendMessage(room.id, text))
      setHasFailed(false)
    } catch {
      // Nothing that was written is lost.
      setText((written) => text + written)
      setHasFailed(true)
    }
  }

  const sendOnEnter = (event: KeyboardEvent<HTMLTextAreaElement>) => {
    if (event.key !== 'Enter' || event.shiftKey || event.nativeEvent.isComposing) return
    event.preventDefault()
    event.currentTarget.form!.requestSubmit()
  }

  return (
    <form className="composer" onSubmit={(event) => void send(event)}>
      <TypingBadge conversation={{ group: room.id }} />
      <textarea
        aria-label="Message"
        placeholder={`Message to ${room.name}`}
        rows={1}
        maxLength={4000}
        value={text}
        onChange={(event) => setText(event.target.value)}
        onKeyDown={sendOnEnter}
        {...inputProps}
      />
      <button>Send</button>
      <p role="alert">{hasFailed && 'Your message was not sent. Try again.'}</p>
    </form>
  )
}

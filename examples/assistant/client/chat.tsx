import { type SubmitEvent, useEffect, useRef, useState } from 'react'
import { formatTyping, TypingBadge, type TypingBadgeProps, useConnection } from 'react-online-message'
import type { Message } from '../messages.ts'
import { socket } from './socket.ts'
import { useAnswer } from './use-answer.ts'

/** Without the conversation, the sentence has the name: "Assistant is thinking…". */
const withName: TypingBadgeProps['format'] = ({ typists, total }, locale) => formatTyping({ typists, total }, locale)

export function Chat() {
  const { messages, words } = useAnswer()
  const end = useRef<HTMLDivElement>(null)
  useEffect(() => {
    end.current?.scrollIntoView({ block: 'end' })
  }, [messages, words])
  return (
    <main>
      <h1>Assistant</h1>
      <div role="log" aria-label="Messages">
        {messages.map((message, index) => (
          <MessageItem key={index} message={message} />
        ))}
      </div>
      {/* Outside of the log: a screen reader reads the answer once, when it is whole. */}
      {words !== '' && <p className="assistant answer">{words}</p>}
      <TypingBadge conversation={{ user: 'assistant' }} format={withName} />
      <Composer />
      <div ref={end} />
    </main>
  )
}

function MessageItem({ message: { from, text, isInterrupted } }: { message: Message }) {
  return (
    <p className={from}>
      {text}
      {isInterrupted && <small>Interrupted</small>}
    </p>
  )
}

function Composer() {
  const [question, setQuestion] = useState('')
  const connection = useConnection()
  const ask = (event: SubmitEvent) => {
    event.preventDefault()
    if (question.trim() === '') return
    socket.emit('question', question)
    setQuestion('')
  }
  return (
    <form onSubmit={ask}>
      <input
        aria-label="Your question"
        placeholder={connection === 'online' ? 'Ask something' : 'Connecting…'}
        maxLength={1000}
        value={question}
        onChange={(event) => setQuestion(event.target.value)}
      />
      <button>Ask</button>
    </form>
  )
}

import { type ReactNode, useLayoutEffect, useRef } from 'react'
import { type Conversation, TypingBadge } from '../../src/index.ts'

interface MessageListProps {
  conversation: Conversation
  messages: readonly { id: number; from: string; text: string }[]
}

/** The bubble keeps its room at the end of the list: when it appears nothing moves, and who reads further up stays there. */
export function MessageList({ conversation, messages }: MessageListProps): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const atEnd = useRef(true)
  const look = ({ scrollHeight, scrollTop, clientHeight }: HTMLElement) => {
    atEnd.current = scrollHeight - scrollTop - clientHeight < 40
  }
  // Only who is at the end is taken along to the new one.
  useLayoutEffect(() => {
    if (atEnd.current) list.current?.scrollTo(0, list.current.scrollHeight)
  }, [messages])

  return (
    <div
      className="messages"
      role="group"
      aria-label="Conversation"
      tabIndex={0}
      ref={list}
      onScroll={(event) => look(event.currentTarget)}
    >
      <div role="log" aria-label="Messages">
        {messages.map(({ id, from, text }) => (
          <p key={id}>
            <b>{from}</b> {text}
          </p>
        ))}
      </div>
      <TypingBadge variant="bubble" conversation={conversation} />
    </div>
  )
}

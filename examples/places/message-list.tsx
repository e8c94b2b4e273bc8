import { type ReactNode, type UIEvent, useLayoutEffect, useRef } from 'react'
import { type Conversation, TypingBadge } from '../../src/index.ts'

interface MessageListProps {
  conversation: Conversation
  messages: readonly { id: number; from: string; text: string }[]
}

/** A reader within this many pixels of the end of the list is at its end. */
const END_DISTANCE = 40

/** The bubble always has its space at the end of the list, so nothing moves when it appears. */
export function MessageList({ conversation, messages }: MessageListProps): ReactNode {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)

  const rememberPosition = (event: UIEvent<HTMLElement>) => {
    const { scrollHeight, scrollTop, clientHeight } = event.currentTarget
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < END_DISTANCE
  }

  // A new message scrolls the list only for a reader who is at its end.
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current?.scrollTo(0, list.current.scrollHeight)
  }, [messages])

  return (
    <div
      className="messages"
      role="group"
      aria-label="Conversation"
      tabIndex={0}
      ref={list}
      onScroll={rememberPosition}
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

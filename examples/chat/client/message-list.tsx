import { useLayoutEffect, useRef } from 'react'
import type { Message, User } from '../shared.ts'

interface MessageListProps {
  messages: readonly Message[]
  me: User
}

/** A reader who is within this many pixels of the end of the list reads its end. */
const END_DISTANCE = 40

const formatTime = new Intl.DateTimeFormat(undefined, { timeStyle: 'short' })

export function MessageList({ messages, me }: MessageListProps) {
  const list = useRef<HTMLDivElement>(null)
  const isAtEnd = useRef(true)

  const rememberPosition = () => {
    const { scrollHeight, scrollTop, clientHeight } = list.current!
    isAtEnd.current = scrollHeight - scrollTop - clientHeight < END_DISTANCE
  }

  // A new message scrolls the list only for a reader who is at its end.
  useLayoutEffect(() => {
    if (isAtEnd.current) list.current!.scrollTop = list.current!.scrollHeight
  }, [messages])

  return (
    <div className="messages" role="log" aria-label="Messages" tabIndex={0} ref={list} onScroll={rememberPosition}>
      {messages.map(({ id, author, text, sentAt }, index) => {
        const isMine = author.id === me.id
        const isFirstOfAuthor = messages[index - 1]?.author.id !== author.id
        return (
          <article key={id} data-mine={isMine}>
            {!isMine && isFirstOfAuthor && <b>{author.name}</b>}
            <p>{text}</p>
            <time dateTime={new Date(sentAt).toISOString()}>{formatTime.format(sentAt)}</time>
          </article>
        )
      })}
    </div>
  )
}

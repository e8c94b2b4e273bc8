import { type CSSProperties, type PointerEvent, type ReactNode, useEffect, useState } from 'react'
import { z } from 'zod'
import { type Conversation, useOnlineMessage, type User } from '../../src/index.ts'

/** A part of the board's width and height, so that it is right on every screen. `null`: the pointer has left the board. */
const Position = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).nullable()

interface Cursor {
  name: string
  x: number
  y: number
}

/** A user who goes offline cannot say so. Their cursor disappears when none has moved for this long. */
const CURSOR_TIMEOUT_MS = 10_000

export function Board({ conversation }: { conversation: Conversation }): ReactNode {
  const [cursors, setCursors] = useState<ReadonlyMap<string, Cursor>>(new Map())

  const showCursor = (user: User, position: z.infer<typeof Position>) =>
    setCursors((before) => {
      const after = new Map(before)
      if (position) after.set(user.id, { name: user.name ?? user.id, ...position })
      else after.delete(user.id)
      return after
    })

  const sendPosition = useOnlineMessage({
    conversation,
    command: 'cursor',
    schema: Position,
    throttle: 50,
    onMessage: ({ from, data }) => showCursor(from, data),
  })

  useEffect(() => {
    const timer = setTimeout(() => setCursors(new Map()), CURSOR_TIMEOUT_MS)
    return () => clearTimeout(timer)
  }, [cursors])

  const move = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    const position = { x: (clientX - left) / width, y: (clientY - top) / height }
    void sendPosition(position, { priority: 'low' })
  }

  return (
    <div className="board" onPointerMove={move} onPointerLeave={() => void sendPosition(null)}>
      {Array.from(cursors, ([userId, { name, x, y }]) => (
        <span key={userId} style={{ '--x': x, '--y': y } as CSSProperties}>
          {name}
        </span>
      ))}
    </div>
  )
}

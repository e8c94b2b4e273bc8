import { type CSSProperties, type PointerEvent, type ReactNode, useEffect, useState } from 'react'
import { z } from 'zod'
import { type Conversation, useOnlineMessage } from '../../src/index.ts'

/** A place as a share of the board, so that it is right on a screen of any size; null when the pointer has left. */
const Place = z.object({ x: z.number().min(0).max(1), y: z.number().min(0).max(1) }).nullable()

interface Cursor {
  name: string
  x: number
  y: number
}

export function Board({ conversation }: { conversation: Conversation }): ReactNode {
  const [cursors, setCursors] = useState<Readonly<Record<string, Cursor>>>({})
  const send = useOnlineMessage({
    conversation,
    command: 'cursor',
    schema: Place,
    throttle: 50,
    onMessage: ({ from: { id, name = id }, data }) =>
      setCursors(({ [id]: _, ...others }) => (data ? { ...others, [id]: { name, ...data } } : others)),
  })

  // Who has gone offline cannot say so: what has stood still for ten seconds goes.
  useEffect(() => {
    const timer = setTimeout(setCursors, 10_000, {})
    return () => clearTimeout(timer)
  }, [cursors])

  const move = ({ clientX, clientY, currentTarget }: PointerEvent) => {
    const { left, top, width, height } = currentTarget.getBoundingClientRect()
    void send({ x: (clientX - left) / width, y: (clientY - top) / height }, { priority: 'low' })
  }
  return (
    <div className="board" onPointerMove={move} onPointerLeave={() => void send(null)}>
      {Object.entries(cursors).map(([id, { name, x, y }]) => (
        <span key={id} style={{ '--x': x, '--y': y } as CSSProperties}>
          {name}
        </span>
      ))}
    </div>
  )
}

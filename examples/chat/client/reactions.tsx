import { useState } from 'react'
import { useConnection, useOnlineMessage } from 'react-online-message'
import { z } from 'zod'

/** Accepts only what one of our own buttons sends, because it is shown as it comes. */
const Reaction = z.enum(['👍', '❤️', '😂', '🎉'])
type Reaction = z.infer<typeof Reaction>

const labels: Record<Reaction, string> = { '👍': 'Thumbs up', '❤️': 'Heart', '😂': 'Laugh', '🎉': 'Party' }

interface FlyingReaction {
  readonly key: number
  readonly reaction: Reaction
  readonly name: string
}

/** A tab in the background shows no animation, so none of them ends there. */
const MAX_SHOWN = 20

/** Reactions fly over the screens of those who are in the room now. They are online messages: nothing stores them. */
export function Reactions({ roomId }: { roomId: string }) {
  const [flying, setFlying] = useState<readonly FlyingReaction[]>([])
  const isOnline = useConnection() === 'online'

  const show = (reaction: Reaction, name: string) =>
    setFlying((before) => {
      const key = (before.at(-1)?.key ?? 0) + 1
      return [...before, { key, reaction, name }].slice(-MAX_SHOWN)
    })
  const remove = (key: number) => setFlying((before) => before.filter((shown) => shown.key !== key))

  const sendReaction = useOnlineMessage({
    conversation: { group: roomId },
    command: 'reaction',
    schema: Reaction,
    onMessage: ({ data, from }) => show(data, from.name ?? 'Somebody'),
  })

  const react = async (reaction: Reaction) => {
    const result = await sendReaction(reaction)
    // Nobody receives their own messages: show it here, too.
    if (result.ok) show(reaction, 'You')
  }

  return (
    <div className="reactions">
      <p role="log" aria-label="Reactions">
        {flying.map(({ key, reaction, name }) => (
          <span key={key} onAnimationEnd={() => remove(key)}>
            {reaction} <small>{name}</small>
          </span>
        ))}
      </p>
      {Reaction.options.map((reaction) => (
        <button
          key={reaction}
          className="quiet"
          aria-label={labels[reaction]}
          disabled={!isOnline}
          onClick={() => void react(reaction)}
        >
          {reaction}
        </button>
      ))}
    </div>
  )
}

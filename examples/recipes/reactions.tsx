import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { type Conversation, useOnlineMessage } from '../../src/index.ts'

/** The schema accepts only what one of our own buttons sends, because the text is shown as it comes. */
const Reaction = z.enum(['Yes', 'No', 'Ha!'])

interface ShownReaction {
  key: number
  text: string
}

const MAX_SHOWN = 10

export function Reactions({ conversation }: { conversation: Conversation }): ReactNode {
  const [reactions, setReactions] = useState<readonly ShownReaction[]>([])

  const show = (text: string) =>
    setReactions((before) => {
      const key = (before.at(-1)?.key ?? 0) + 1
      return [...before, { key, text }].slice(-MAX_SHOWN)
    })

  const sendReaction = useOnlineMessage({
    conversation,
    command: 'reaction',
    schema: Reaction,
    onMessage: ({ data }) => show(data),
  })

  const react = (reaction: z.infer<typeof Reaction>) => {
    // Nobody receives their own messages: show it here, too.
    show(reaction)
    void sendReaction(reaction)
  }

  return (
    <div className="reactions">
      {Reaction.options.map((reaction) => (
        <button key={reaction} type="button" onClick={() => react(reaction)}>
          {reaction}
        </button>
      ))}
      <p role="log" aria-label="Reactions">
        {reactions.map(({ key, text }) => (
          <span key={key}>{text}</span>
        ))}
      </p>
    </div>
  )
}

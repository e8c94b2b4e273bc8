import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { type Conversation, useOnlineMessage } from '../../src/index.ts'

/** What others send is shown as it is: only what an own button could have sent gets in. */
const Reaction = z.enum(['Yes', 'No', 'Ha!'])

export function Reactions({ conversation }: { conversation: Conversation }): ReactNode {
  const [shown, setShown] = useState<{ key: number; text: string }[]>([])
  const show = (text: string) =>
    setShown((before) => [...before.slice(-9), { key: (before.at(-1)?.key ?? 0) + 1, text }])
  const send = useOnlineMessage({
    conversation,
    command: 'reaction',
    schema: Reaction,
    onMessage: ({ data }) => show(data),
  })
  return (
    <div className="reactions">
      {Reaction.options.map((reaction) => (
        <button
          key={reaction}
          type="button"
          onClick={() => {
            show(reaction)
            void send(reaction)
          }}
        >
          {reaction}
        </button>
      ))}
      <p role="log" aria-label="Reactions">
        {shown.map(({ key, text }) => (
          <span key={key}>{text}</span>
        ))}
      </p>
    </div>
  )
}

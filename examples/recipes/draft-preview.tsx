import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { useOnlineMessage, useTypingInput, useTypists } from '../../src/index.ts'

const Draft = z.string().max(1000)

/** The customer's side. They are told, and only what they write here is sent. */
export function CustomerComposer({ agent: user }: { agent: string }): ReactNode {
  const { inputProps } = useTypingInput({ user })
  const send = useOnlineMessage({ conversation: { user }, command: 'draft', schema: Draft, throttle: 300 })
  return (
    <>
      <textarea
        aria-label="Your question"
        aria-describedby="told"
        maxLength={1000}
        onChange={(event) => void send(event.target.value, { priority: 'low' })}
        {...inputProps}
      />
      <small id="told">To help you faster we see what you write while you write it.</small>
    </>
  )
}

/** The agent's side. Nothing of it is kept, and it is gone as soon as the customer stops. */
export function DraftPreview({ customer: user }: { customer: string }): ReactNode {
  const [draft, setDraft] = useState('')
  const { total } = useTypists({ user })
  useOnlineMessage({
    conversation: { user },
    command: 'draft',
    schema: Draft,
    onMessage: ({ data }) => setDraft(data),
  })
  return <blockquote aria-label="Draft">{total > 0 && draft}</blockquote>
}

import { type ReactNode, useState } from 'react'
import { z } from 'zod'
import { useOnlineMessage, useTypingInput, useTypists } from '../../src/index.ts'

const Draft = z.string().max(1000)

/** The customer's side. A note below the field says that the text is sent while they write it. */
export function CustomerComposer({ agent }: { agent: string }): ReactNode {
  const conversation = { user: agent }
  const { inputProps } = useTypingInput(conversation)
  const sendDraft = useOnlineMessage({ conversation, command: 'draft', schema: Draft, throttle: 300 })
  return (
    <>
      <textarea
        aria-label="Your question"
        aria-describedby="draft-note"
        maxLength={1000}
        onChange={(event) => void sendDraft(event.target.value, { priority: 'low' })}
        {...inputProps}
      />
      <small id="draft-note">To help you faster we see what you write while you write it.</small>
    </>
  )
}

/** The agent's side. The draft disappears when the customer stops typing. Nothing stores it. */
export function DraftPreview({ customer }: { customer: string }): ReactNode {
  const conversation = { user: customer }
  const [draft, setDraft] = useState('')
  const { total } = useTypists(conversation)
  useOnlineMessage({
    conversation,
    command: 'draft',
    schema: Draft,
    onMessage: ({ data }) => setDraft(data),
  })
  return <blockquote aria-label="Draft">{total > 0 && draft}</blockquote>
}

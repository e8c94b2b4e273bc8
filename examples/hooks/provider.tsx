import type { ReactNode } from 'react'
import { type OnlineMessageClient, OnlineMessageProvider, TypingBadge } from '../../src/index.ts'
import { de } from '../../src/locales/index.ts'

/** The client is made once, where the app makes its socket. */
export function App({ client }: { client: OnlineMessageClient }): ReactNode {
  return (
    <OnlineMessageProvider client={client} locale={de}>
      <TypingBadge conversation={{ user: 'bob' }} />
    </OnlineMessageProvider>
  )
}

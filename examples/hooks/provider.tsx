import type { ReactNode } from 'react'
import { type OnlineMessageClient, OnlineMessageProvider, TypingBadge } from '../../src/index.ts'
import { de } from '../../src/locales/index.ts'

/** `client` is the one that socket.ts makes: `<App client={client} />`. */
export function App({ client }: { client: OnlineMessageClient }): ReactNode {
  return (
    <OnlineMessageProvider client={client} locale={de}>
      <TypingBadge conversation={{ user: 'bob' }} />
    </OnlineMessageProvider>
  )
}

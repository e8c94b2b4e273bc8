import { type ReactNode, useEffect, useState } from 'react'
import type { ChatServer, Kept } from './chat-server.ts'
import { people, type Person } from './people.ts'
import { Screen } from './screen.tsx'
import './two-people.css'

interface TwoPeopleProps {
  readonly server: ChatServer
  /** A user's id, where only one of them is shown. */
  readonly only?: string | null
  /** Where a person has a page of their own. */
  readonly pageOf?: (person: Person) => string
  /** What else there is to say, below. */
  readonly children?: ReactNode
}

/** Two people in a chat, side by side. */
export function TwoPeople({ server, only, pageOf, children }: TwoPeopleProps): ReactNode {
  const shown = people.filter(({ id }) => !only || id === only)
  return (
    <main className="two-people">
      <header>
        <h1>react-online-message</h1>
        <p>Type in Ann’s box and watch Bob’s screen.</p>
      </header>
      <div className="screens">
        {shown.map((person) => (
          <Screen key={person.id} person={person} server={server} page={pageOf?.(person)} />
        ))}
      </div>
      <footer>
        <KeptLine server={server} />
        {children}
      </footer>
    </main>
  )
}

const count = (n: number, what: string) => `${n.toLocaleString('en')} ${what}${n === 1 ? '' : 's'}`

function KeptLine({ server }: { server: ChatServer }) {
  const [kept, setKept] = useState<Kept>()
  useEffect(() => server.watchKept(setKept), [server])
  if (!kept) return <p>Asking the server what it keeps…</p>
  return (
    <p>
      The server keeps <b>{count(kept.messages, 'message')}</b> – and of <b>{count(kept.passed, 'online message')}</b>{' '}
      that went through it: <b>{kept.held === 0 ? 'nothing' : 'only who is typing now'}</b>.
    </p>
  )
}

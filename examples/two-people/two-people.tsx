import { type ReactNode, useEffect, useState } from 'react'
import type { ChatServer, ServerFigures } from './chat-server.ts'
import { people, type Person } from './people.ts'
import { Screen } from './screen.tsx'
import './two-people.css'

interface TwoPeopleProps {
  readonly server: ChatServer
  /** The id of the only person to show. Without it, both are shown. */
  readonly only?: string | null
  /** The address of a page with the screen of one person alone. */
  readonly pageOf?: (person: Person) => string
  /** Further lines at the bottom of the page. */
  readonly children?: ReactNode
}

/** Two people in a chat, side by side. */
export function TwoPeople({ server, only, pageOf, children }: TwoPeopleProps): ReactNode {
  const shownPeople = people.filter(({ id }) => !only || id === only)
  return (
    <main className="two-people">
      <header>
        <h1>react-online-message</h1>
        <p>{only ? 'Type here and watch the other screen.' : 'Type in Ann’s box and watch Bob’s screen.'}</p>
      </header>
      <div className="screens">
        {shownPeople.map((person) => (
          <Screen key={person.id} person={person} server={server} page={pageOf?.(person)} />
        ))}
      </div>
      <footer>
        <FiguresLine server={server} />
        {children}
      </footer>
    </main>
  )
}

const count = (number: number, noun: string) => `${number.toLocaleString('en')} ${noun}${number === 1 ? '' : 's'}`

function FiguresLine({ server }: { server: ChatServer }) {
  const [figures, setFigures] = useState<ServerFigures>()
  useEffect(() => server.watchFigures(setFigures), [server])
  if (!figures) return <p>Asking the server what it keeps…</p>
  return (
    <p>
      The server keeps <b>{count(figures.storedMessages, 'message')}</b>. Of the{' '}
      <b>{count(figures.delivered, 'online message')}</b> that it has delivered, it keeps{' '}
      <b>{figures.leases === 0 ? 'nothing' : 'only who is typing now'}</b>.
    </p>
  )
}

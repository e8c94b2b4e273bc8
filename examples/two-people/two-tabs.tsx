import { type ReactNode, useEffect, useState } from 'react'
import { Chat } from './chat.tsx'
import { claimPerson } from './claim-person.ts'
import { ConnectionLine } from './connection-line.tsx'
import { Device } from './device.tsx'
import { otherThan, people, type Person } from './people.ts'
import { createTabDevice } from './tab-device.ts'
import './two-people.css'

/** The parameter of the address that names the preferred person. */
const PERSON_PARAMETER = 'as'

function preferredPerson(): Person {
  const id = new URLSearchParams(location.search).get(PERSON_PARAMETER)
  return people.find((person) => person.id === id) ?? people[0]!
}

/** The screen of one person, who chats with the person in another tab of the same browser. There is no server. */
export function TwoTabs(): ReactNode {
  const [me, setMe] = useState<Person>()

  useEffect(() => {
    const unmounted = new AbortController()
    void claimPerson(preferredPerson(), unmounted.signal).then((person) => {
      if (!unmounted.signal.aborted) setMe(person)
    })
    return () => unmounted.abort()
  }, [])

  return (
    <main className="two-people">
      <header>
        <h1>react-online-message/broadcast-channel</h1>
        <p>Open this page again in another tab, and type.</p>
      </header>
      <div className="screens">{me && <TabScreen me={me} />}</div>
      <footer>
        <p>
          There is no server: the tabs send their messages to each other, and <b>nothing is kept</b>. A message reaches
          the tabs that have this page open now.
        </p>
      </footer>
    </main>
  )
}

function TabScreen({ me }: { me: Person }) {
  const other = otherThan(me)
  return (
    <section className="screen" aria-label={me.name}>
      <Device create={() => createTabDevice(me)}>
        {(socket) => (
          <>
            <Chat me={me} other={other} socket={socket} />
            <Controls other={other} />
          </>
        )}
      </Device>
    </section>
  )
}

function Controls({ other }: { other: Person }) {
  const page = new URL(location.href)
  page.searchParams.set(PERSON_PARAMETER, other.id)
  return (
    <footer className="controls">
      <ConnectionLine />
      <a href={page.href} target="_blank" rel="noreferrer">
        {other.name}’s screen in another tab
      </a>
    </footer>
  )
}

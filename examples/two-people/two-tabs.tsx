import { type ReactNode, useEffect, useState } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider, useConnection } from '../../src/index.ts'
import { createBroadcastChannelTransport } from '../../src/transports/broadcast-channel/index.ts'
import { Chat } from './chat.tsx'
import { otherThan, people, type Person } from './people.ts'
import { connectionNames } from './screen.tsx'
import { createTabSocket } from './tab-socket.ts'
import { takePerson } from './take-person.ts'
import './two-people.css'

/** In the address, who a tab wants to be. */
const AS = 'as'

/** One person's screen in a chat with whoever has opened the same page in another tab. There is no server. */
export function TwoTabs(): ReactNode {
  const [me, setMe] = useState<Person>()
  useEffect(() => {
    const leaving = new AbortController()
    const asked = new URLSearchParams(location.search).get(AS)
    const wish = people.find(({ id }) => id === asked) ?? people[0]!
    void takePerson(wish, leaving.signal).then((person) => {
      if (!leaving.signal.aborted) setMe(person)
    })
    return () => leaving.abort()
  }, [])
  return (
    <main className="two-people">
      <header>
        <h1>react-online-message/broadcast-channel</h1>
        <p>Open me again in another tab, and type.</p>
      </header>
      <div className="screens">{me && <Tab me={me} />}</div>
      <footer>
        <p>
          There is no server: the tabs talk to each other, and <b>nothing is kept</b>. What you send reaches whoever has
          this page open now.
        </p>
      </footer>
    </main>
  )
}

function Tab({ me }: { me: Person }) {
  const other = otherThan(me)
  const [{ client, socket }] = useState(() => {
    const client = createOnlineMessageClient({ transport: createBroadcastChannelTransport({ user: me }) })
    return { client, socket: createTabSocket(client, me) }
  })
  useEffect(() => {
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [socket])
  return (
    <section className="screen" aria-label={me.name}>
      <OnlineMessageProvider client={client}>
        <Chat me={me} other={other} socket={socket} />
        <Controls other={other} />
      </OnlineMessageProvider>
    </section>
  )
}

function Controls({ other }: { other: Person }) {
  const connection = useConnection()
  const page = new URL(location.href)
  page.searchParams.set(AS, other.id)
  return (
    <footer className="controls">
      <p className="connection" data-connection={connection}>
        {connectionNames[connection]}
      </p>
      <a href={page.href} target="_blank" rel="noreferrer">
        {other.name}’s screen in another tab
      </a>
    </footer>
  )
}

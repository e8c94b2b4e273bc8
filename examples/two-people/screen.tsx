import { type ReactNode, useEffect, useState } from 'react'
import { createOnlineMessageClient, OnlineMessageProvider, useConnection } from '../../src/index.ts'
import { Chat } from './chat.tsx'
import type { ChatServer, ChatSocket } from './chat-server.ts'
import { otherThan, type Person } from './people.ts'

interface ScreenProps {
  readonly person: Person
  readonly server: ChatServer
  /** The address of a page with this screen alone. */
  readonly page: string | undefined
}

/** One person's device. Reloading it throws everything away and begins anew, as a page does. */
export function Screen(props: ScreenProps): ReactNode {
  const [visit, setVisit] = useState(0)
  return (
    <section className="screen" aria-label={props.person.name}>
      <Device key={visit} {...props} reload={() => setVisit(visit + 1)} />
    </section>
  )
}

function Device({ person, server, page, reload }: ScreenProps & { reload: () => void }) {
  // Nothing connects or listens here yet, so React may do it twice.
  const [{ socket, client }] = useState(() => {
    const { socket, transport } = server.createDevice(person)
    return { socket, client: createOnlineMessageClient({ transport }) }
  })

  useEffect(() => {
    socket.connect()
    return () => {
      socket.disconnect()
    }
  }, [socket])

  return (
    <OnlineMessageProvider client={client}>
      <Chat me={person} other={otherThan(person)} socket={socket} />
      <Controls socket={socket} page={page} reload={reload} />
    </OnlineMessageProvider>
  )
}

export const connectionNames = { online: 'Online', connecting: 'Connecting…', offline: 'Offline' }

interface ControlsProps {
  readonly socket: ChatSocket
  readonly page: string | undefined
  readonly reload: () => void
}

/** What is not part of a chat, only of this demo. */
function Controls({ socket, page, reload }: ControlsProps) {
  const connection = useConnection()
  const offline = connection === 'offline'
  return (
    <footer className="controls">
      <p className="connection" data-connection={connection}>
        {connectionNames[connection]}
      </p>
      <button type="button" onClick={() => (offline ? socket.connect() : socket.disconnect())}>
        {offline ? 'Go online' : 'Go offline'}
      </button>
      <button type="button" onClick={reload}>
        Reload
      </button>
      {page && (
        <a href={page} target="_blank" rel="noreferrer" title="This screen in a tab of its own">
          Own tab
        </a>
      )}
    </footer>
  )
}

import { type ReactNode, useState } from 'react'
import { useConnection } from '../../src/index.ts'
import { Chat } from './chat.tsx'
import type { ChatServer, ChatSocket } from './chat-server.ts'
import { ConnectionLine } from './connection-line.tsx'
import { Device } from './device.tsx'
import { otherThan, type Person } from './people.ts'

interface ScreenProps {
  readonly person: Person
  readonly server: ChatServer
  /** The address of a page with this screen alone. */
  readonly page: string | undefined
}

/** The screen of one person, with a device of its own. */
export function Screen({ person, server, page }: ScreenProps): ReactNode {
  const [reloads, setReloads] = useState(0)
  return (
    <section className="screen" aria-label={person.name}>
      {/* With a new key React makes a new device: all state is lost, as when a page is reloaded. */}
      <Device key={reloads} create={() => server.createDevice(person)}>
        {(socket) => (
          <>
            <Chat me={person} other={otherThan(person)} socket={socket} />
            <Controls socket={socket} page={page} reload={() => setReloads(reloads + 1)} />
          </>
        )}
      </Device>
    </section>
  )
}

interface ControlsProps {
  readonly socket: ChatSocket
  readonly page: string | undefined
  readonly reload: () => void
}

/** Not part of a chat: these controls belong to this example only. */
function Controls({ socket, page, reload }: ControlsProps) {
  const isOffline = useConnection() === 'offline'
  return (
    <footer className="controls">
      <ConnectionLine />
      <button type="button" onClick={() => (isOffline ? socket.connect() : socket.disconnect())}>
        {isOffline ? 'Go online' : 'Go offline'}
      </button>
      <button type="button" onClick={reload}>
        Reload
      </button>
      {page && (
        <a href={page} target="_blank" rel="noreferrer" title="Opens this screen alone in another tab">
          Own tab
        </a>
      )}
    </footer>
  )
}

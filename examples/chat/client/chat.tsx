import type { User } from '../shared.ts'
import { signOut } from './api.ts'
import { RoomList } from './room-list.tsx'
import { RoomScreen } from './room-screen.tsx'
import { useHash } from './use-hash.ts'
import { useHistory } from './use-history.ts'

interface ChatProps {
  user: User
  onSignOut: () => void
}

export function Chat({ user, onSignOut }: ChatProps) {
  const { rooms, messages, add } = useHistory()
  const hash = useHash()
  const room = rooms.find(({ id }) => id === hash) ?? rooms[0]

  const leave = async () => {
    await signOut()
    onSignOut()
  }

  return (
    <div className="chat">
      <aside>
        <header>
          <h1>{user.name}</h1>
          <button className="quiet" onClick={() => void leave()}>
            Sign out
          </button>
        </header>
        <RoomList rooms={rooms} messages={messages} currentId={room?.id} />
      </aside>
      {room && (
        <RoomScreen
          // Another room, another composer.
          key={room.id}
          room={room}
          messages={messages.filter(({ roomId }) => roomId === room.id)}
          me={user}
          onSent={(message) => add([message])}
        />
      )}
    </div>
  )
}

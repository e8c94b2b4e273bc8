import { useConnection } from 'react-online-message'
import type { Message, Room, User } from '../shared.ts'
import { Composer } from './composer.tsx'
import { MessageList } from './message-list.tsx'
import { Reactions } from './reactions.tsx'

const connectionTexts = { online: 'Online', connecting: 'Connecting…', offline: 'Offline' }

interface RoomScreenProps {
  room: Room
  messages: readonly Message[]
  me: User
  onSent: (message: Message) => void
}

export function RoomScreen({ room, messages, me, onSent }: RoomScreenProps) {
  const connection = useConnection()
  return (
    <main className="room">
      <header>
        <h2>{room.name}</h2>
        <p role="status" data-connection={connection}>
          {connectionTexts[connection]}
        </p>
      </header>
      <MessageList messages={messages} me={me} />
      <Reactions roomId={room.id} />
      <Composer room={room} onSent={onSent} />
    </main>
  )
}

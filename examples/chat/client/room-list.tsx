import { TypingBadge } from 'react-online-message'
import type { Message, Room } from '../shared.ts'

interface RoomListProps {
  rooms: readonly Room[]
  messages: readonly Message[]
  currentId: string | undefined
}

export function RoomList({ rooms, messages, currentId }: RoomListProps) {
  return (
    <nav aria-label="Rooms">
      {rooms.map((room) => (
        <a key={room.id} href={`#${room.id}`} aria-current={room.id === currentId ? 'page' : undefined}>
          <b>{room.name}</b>
          <span className="badge-or-text">
            {/* A screen reader should not read out every room in which somebody types. */}
            <TypingBadge conversation={{ group: room.id }} variant="dots" announce={false} />
            <LastMessage message={messages.findLast(({ roomId }) => roomId === room.id)} />
          </span>
        </a>
      ))}
    </nav>
  )
}

function LastMessage({ message }: { message: Message | undefined }) {
  return <span>{message ? `${message.author.name}: ${message.text}` : 'No messages yet'}</span>
}

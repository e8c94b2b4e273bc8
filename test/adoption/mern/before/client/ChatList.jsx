export function ChatList({ chats, selectedChat, onSelect }) {
  return (
    <nav aria-label="Chats">
      {chats.map((chat) => (
        <button key={chat._id} aria-current={chat === selectedChat} onClick={() => onSelect(chat)}>
          {chat.chatName}
        </button>
      ))}
    </nav>
  )
}

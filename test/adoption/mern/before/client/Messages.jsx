export function Messages({ messages, user }) {
  return (
    <ol role="log" aria-label="Messages" className="messages">
      {messages.map(({ _id, sender, content }) => (
        <li key={_id} className={sender._id === user._id ? 'mine' : 'theirs'}>
          <b>{sender.name}</b> {content}
        </li>
      ))}
    </ol>
  )
}

export function Messages({ messages, name }) {
  return (
    <ol role="log" aria-label="Messages" className="messages">
      {messages.map((message) => (
        <li key={message.id} className={message.name === name ? 'mine' : 'theirs'}>
          <b>{message.name}</b> {message.text}
        </li>
      ))}
    </ol>
  )
}

import { useEffect, useState } from 'react'
import { socket } from './socket.js'

export function Users() {
  const [users, setUsers] = useState([])

  useEffect(() => {
    socket.on('newUserResponse', setUsers)
    return () => socket.off('newUserResponse', setUsers)
  }, [])

  return (
    <aside>
      <h2>Here now</h2>
      <ul aria-label="Here now">
        {users.map(({ id, name }) => (
          <li key={id}>{name}</li>
        ))}
      </ul>
    </aside>
  )
}

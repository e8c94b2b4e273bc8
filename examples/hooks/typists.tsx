import type { ReactNode } from 'react'
import { useTypists } from '../../src/index.ts'

export function ConversationRow({ user, lastMessage }: { user: string; lastMessage: string }): ReactNode {
  const { total } = useTypists({ user })
  return (
    <li>
      <b>{user}</b>
      <p>{total > 0 ? 'typing…' : lastMessage}</p>
    </li>
  )
}

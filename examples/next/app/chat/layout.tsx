import { cookies } from 'next/headers'
import { redirect } from 'next/navigation'
import type { ReactNode } from 'react'
import { people } from '../../people'
import { personOfSession, SESSION_COOKIE } from '../../session'
import { OnlineMessages } from './online-messages'
import { PeopleList } from './people-list'

/** Stays while the pages below it change, and so does the connection. */
export default async function ChatLayout({ children }: { children: ReactNode }) {
  const jar = await cookies()
  const me = personOfSession(jar.get(SESSION_COOKIE)?.value)
  if (!me) redirect('/')
  return (
    <OnlineMessages>
      <PeopleList people={people.filter(({ id }) => id !== me.id)} />
      {children}
    </OnlineMessages>
  )
}

'use client'

import Link from 'next/link'
import { useParams } from 'next/navigation'
import { TypingBadge } from 'react-online-message'
import type { Person } from '../../people'

/** The other people. Dots say who of them is typing to me, whichever conversation is open. */
export function PeopleList({ people }: { people: readonly Person[] }) {
  const { peer } = useParams()
  return (
    <nav aria-label="People">
      {people.map(({ id, name }) => (
        <Link key={id} href={`/chat/${id}`} aria-current={id === peer && 'page'}>
          {name} <TypingBadge conversation={{ user: id }} variant="dots" announce={false} />
        </Link>
      ))}
    </nav>
  )
}

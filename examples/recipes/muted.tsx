import type { ReactNode } from 'react'
import { TypingBadge, useTypists } from '../../src/index.ts'

interface BadgeWithoutMutedProps {
  group: string
  mutedIds: ReadonlySet<string>
}

export function BadgeWithoutMuted({ group, mutedIds }: BadgeWithoutMutedProps): ReactNode {
  const { typists, total } = useTypists({ group })
  const shownTypists = typists.filter(({ id }) => !mutedIds.has(id))
  // `total` also counts typists who are not listed, as in a large group: subtract only the muted ones.
  const mutedCount = typists.length - shownTypists.length
  return <TypingBadge typists={shownTypists} total={total - mutedCount} />
}

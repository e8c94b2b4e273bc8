import type { ReactNode } from 'react'
import { TypingBadge, useTypists } from '../../src/index.ts'

interface WithoutMutedProps {
  group: string
  muted: ReadonlySet<string>
}

export function WithoutMuted({ group, muted }: WithoutMutedProps): ReactNode {
  const { typists, total } = useTypists({ group })
  const shown = typists.filter(({ id }) => !muted.has(id))
  // In a large group not all are named: who is left over is only counted.
  return <TypingBadge typists={shown} total={total - (typists.length - shown.length)} />
}

'use client'

import { useEffect, useState } from 'react'
import { NO_TYPISTS } from '../../core/typing/typing.ts'
import { FADE } from './fade.ts'
import type { TypingBadgeState } from './typing-badge-options.ts'

/**
 * What the badge draws: the state itself while somebody is typing, then for the time of the fade the last state in which
 * somebody was.
 */
export function useLastShown(state: TypingBadgeState): TypingBadgeState {
  const [last, setLast] = useState<TypingBadgeState>(NO_TYPISTS)

  const isTyping = state.total > 0
  const isNew = state.typists !== last.typists || state.total !== last.total
  // React renders again at once, with the same props, what is set during rendering. So a parent that makes a new array in
  // each render costs no second commit.
  if (isTyping && isNew) setLast(state)

  const isFading = !isTyping && last.total > 0
  useEffect(() => {
    if (!isFading) return
    const timer = setTimeout(() => setLast(NO_TYPISTS), FADE)
    return () => clearTimeout(timer)
  }, [isFading])

  return isTyping ? state : last
}

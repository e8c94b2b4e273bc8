import type { ReactNode } from 'react'
import { Avatars } from './avatars.tsx'
import { Dots } from './dots.tsx'
import { Sentence } from './sentence.tsx'
import type { TypingBadgeOptions, TypingBadgeState } from './typing-badge-options.ts'

interface BadgeContentProps {
  readonly state: TypingBadgeState
  readonly variant: TypingBadgeOptions['variant']
  readonly sentence: string
  /** The language of numbers, as a BCP 47 tag. */
  readonly tag: string
  readonly children: TypingBadgeOptions['children']
}

/** What is in the label while somebody is typing: the app's own content, or else that of the variant. */
export function BadgeContent({ state, variant, sentence, tag, children }: BadgeContentProps): ReactNode {
  if (typeof children === 'function') return children(state)
  if (children !== undefined && children !== null) return children
  if (variant === 'avatars') return <Avatars {...state} tag={tag} />
  if (variant === 'text') {
    // The key makes another sentence another element: none moves, whichever end of the line it begins at.
    return <Sentence key={sentence} sentence={sentence} />
  }
  return <Dots />
}

import type { ComponentPropsWithoutRef } from 'react'
import type { TypingBadgeOptions, TypingBadgeTypists } from './typing-badge-options.ts'

/** The options of the badge, and what every `span` takes. */
export type TypingBadgeSpanProps = TypingBadgeOptions & Omit<ComponentPropsWithoutRef<'span'>, keyof TypingBadgeOptions>

/** `className`, `style`, `ref` and everything else that a `span` takes go to the root. */
export type TypingBadgeProps = TypingBadgeTypists & TypingBadgeSpanProps

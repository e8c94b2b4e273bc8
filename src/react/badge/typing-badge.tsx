'use client'

import { forwardRef, type ForwardRefExoticComponent, type RefAttributes } from 'react'
import { conversationKey } from '../../core/message/conversation.ts'
import { useTypists } from '../hooks/use-typists.ts'
import { BadgeView } from './badge-view.tsx'
import type { TypingBadgeProps } from './typing-badge-props.ts'

/**
 * Shows that others are typing: "The other party is typing…". It is always in the page and reserves its space, so that
 * nothing shifts. Import `react-online-message/styles.css` for its looks, or style `[data-typing-badge]`,
 * `[data-variant]`, `[data-state="idle" | "typing"]`, `[data-activity="typing" | "recording" | …]`, which does not change
 * during the fade, and
 * `[data-part="label" | "sentence" | "name" | "dots" | "stack" | "avatar" | "more" | "announcement"]` yourself.
 */
export const TypingBadge: ForwardRefExoticComponent<TypingBadgeProps & RefAttributes<HTMLSpanElement>> =
  /* @__PURE__ */ forwardRef(function TypingBadge(props, ref) {
    const { conversation, typists, total, ...viewProps } = props
    const received = useTypists(conversation ?? null)
    const typing = typists ? { typists, total: total ?? typists.length } : received
    // R7: another conversation has another badge, in which nothing of the one before fades or is announced.
    const key = conversation && conversationKey(conversation)
    return <BadgeView key={key} {...viewProps} state={{ ...typing, conversation }} rootRef={ref} />
  })

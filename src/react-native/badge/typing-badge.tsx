'use client'

import { forwardRef, type ForwardRefExoticComponent, type RefAttributes } from 'react'
import type { View } from 'react-native'
import { conversationKey } from '../../core/message/conversation.ts'
import { useTypists } from '../../react/hooks/use-typists.ts'
import { BadgeView } from './badge-view.tsx'
import type { TypingBadgeProps } from './typing-badge-props.ts'

/**
 * Shows that others are typing: "The other party is typing…". It is always on the screen and reserves its space, so that
 * nothing shifts. `style` is that of its `View`, `textStyle` gives the sentence, the dots and the pictures their colour and
 * size.
 */
export const TypingBadge: ForwardRefExoticComponent<TypingBadgeProps & RefAttributes<View>> =
  /* @__PURE__ */ forwardRef(function TypingBadge(props, ref) {
    const { conversation, typists, total, ...viewProps } = props
    const received = useTypists(conversation ?? null)
    const typing = typists ? { typists, total: total ?? typists.length } : received
    // R7: another conversation has another badge, in which nothing of the one before fades or is announced.
    const key = conversation && conversationKey(conversation)
    return <BadgeView key={key} {...viewProps} state={{ ...typing, conversation }} rootRef={ref} />
  })

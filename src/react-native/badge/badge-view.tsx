'use client'

import { type ForwardedRef, type ReactElement, useContext } from 'react'
import { AccessibilityInfo, Animated, StyleSheet, View } from 'react-native'
import { english } from '../../core/language/english.ts'
import { formatTyping } from '../../core/language/format-typing.ts'
import type { TypingBadgeState } from '../../react/badge/typing-badge-options.ts'
import { useAnnouncement } from '../../react/badge/use-announcement.ts'
import { useLastShown } from '../../react/badge/use-last-shown.ts'
import { OnlineMessageContext } from '../../react/context.ts'
import { BadgeContent } from './badge-content.tsx'
import { Bubble } from './bubble.tsx'
import type { TypingBadgeViewProps } from './typing-badge-props.ts'
import { useBadgeSizes } from './use-badge-sizes.ts'
import { useFade } from './use-fade.ts'
import { useReducedMotion } from './use-reduced-motion.ts'

interface BadgeViewProps extends TypingBadgeViewProps {
  readonly state: TypingBadgeState
  readonly rootRef: ForwardedRef<View>
}

/** What is no longer true cannot be taken back here. */
const announceText = (text: string) => {
  if (text !== '') AccessibilityInfo.announceForAccessibility(text)
}

/** Hides an element from screen readers: the first property on iOS, the second on Android. */
const HIDDEN = { accessibilityElementsHidden: true, importantForAccessibility: 'no-hide-descendants' } as const

/** Draws the badge of a given state. It is a component of its own for the reason that the web's has. */
export function BadgeView(props: BadgeViewProps): ReactElement {
  const {
    state,
    rootRef,
    variant = 'text',
    format = formatTyping,
    announce = true,
    children,
    textStyle,
    style,
    ...viewProps
  } = props
  const locale = useContext(OnlineMessageContext)?.locale ?? english
  const shown = useLastShown(state)
  const isTyping = state.total > 0
  const isShown = shown.total > 0
  const sentence = isShown ? format(shown, locale) : ''
  useAnnouncement(announce && isTyping ? sentence : '', announceText)

  const sizes = useBadgeSizes(textStyle)
  const isReduced = useReducedMotion()
  const opacity = useFade(isTyping, isReduced)
  // Screen readers do not find here what is announced, nor what fades.
  const isHidden = announce || !isTyping
  const label = { accessible: true, accessibilityRole: variant === 'text' ? 'text' : 'image' } as const

  return (
    <View accessibilityLanguage={locale.tag} {...viewProps} ref={rootRef} style={[styles.root, style]}>
      <Animated.View
        {...(isHidden ? HIDDEN : { ...label, accessibilityLabel: sentence })}
        style={[styles.label, { opacity, minHeight: sizes.height[variant], minWidth: sizes.minWidth[variant] }]}
      >
        {variant === 'bubble' && <Bubble sizes={sizes} />}
        {isShown && (
          <BadgeContent
            state={shown}
            variant={variant}
            sentence={sentence}
            tag={locale.tag}
            sizes={sizes}
            textStyle={textStyle}
            isReduced={isReduced}
          >
            {children}
          </BadgeContent>
        )}
      </Animated.View>
    </View>
  )
}

const styles = StyleSheet.create({
  root: { flexDirection: 'row' },
  label: { flexDirection: 'row', alignItems: 'center', flexShrink: 1 },
})

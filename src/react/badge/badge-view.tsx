'use client'

import { type ForwardedRef, type ReactElement, useContext } from 'react'
import { english } from '../../core/language/english.ts'
import { formatTyping } from '../../core/language/format-typing.ts'
import { commonActivity } from '../../core/typing/typing.ts'
import { OnlineMessageContext } from '../context.ts'
import { Announcement } from './announcement.tsx'
import { BadgeContent } from './badge-content.tsx'
import type { TypingBadgeState } from './typing-badge-options.ts'
import type { TypingBadgeSpanProps } from './typing-badge-props.ts'
import { useLastShown } from './use-last-shown.ts'

interface BadgeViewProps extends TypingBadgeSpanProps {
  readonly state: TypingBadgeState
  readonly rootRef: ForwardedRef<HTMLSpanElement>
}

/**
 * Draws the badge of a given state.
 *
 * It is a component of its own because of React 18. There, a component that sets state while it renders, as `useLastShown`
 * does, misses later changes of a store that it reads. So `TypingBadge` reads the store.
 */
export function BadgeView(props: BadgeViewProps): ReactElement {
  const { state, rootRef, variant = 'text', format = formatTyping, announce = true, children, ...spanProps } = props
  const providerLocale = useContext(OnlineMessageContext)?.locale
  const locale = providerLocale ?? english
  // An app's own words may be in any language.
  const defaultLang = props.format ? undefined : 'en'

  const shown = useLastShown(state)
  const isTyping = state.total > 0
  const isShown = shown.total > 0
  const sentence = isShown ? format(shown, locale) : ''
  const isSentence = variant === 'text' && (children === undefined || children === null)
  // Screen readers do not find here what is announced, nor what fades.
  const isHidden = announce || !isTyping
  const isPicture = !isHidden && !isSentence

  return (
    <span
      lang={providerLocale?.tag ?? defaultLang}
      {...spanProps}
      ref={rootRef}
      data-typing-badge=""
      data-variant={variant}
      data-state={isTyping ? 'typing' : 'idle'}
      data-activity={commonActivity(shown.typists)}
    >
      <span
        data-part="label"
        aria-hidden={isHidden || undefined}
        {...(isPicture && { role: 'img', 'aria-label': sentence })}
      >
        {isShown && (
          <BadgeContent state={shown} variant={variant} sentence={sentence} tag={locale.tag}>
            {children}
          </BadgeContent>
        )}
      </span>
      {announce && <Announcement sentence={isTyping ? sentence : ''} />}
    </span>
  )
}

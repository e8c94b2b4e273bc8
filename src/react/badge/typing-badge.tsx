'use client'

import { type CSSProperties, forwardRef, type ForwardRefExoticComponent, type RefAttributes, useContext } from 'react'
import { english } from '../../core/language/english.ts'
import { formatTyping } from '../../core/language/format-typing.ts'
import { commonActivity } from '../../core/typing/typing.ts'
import { OnlineMessageContext } from '../context.ts'
import { useTypists } from '../hooks/use-typists.ts'
import { Announcement } from './announcement.tsx'
import { BadgeContent } from './badge-content.tsx'
import type { TypingBadgeProps, TypingBadgeState } from './typing-badge-props.ts'
import { useLastShown } from './use-last-shown.ts'

/**
 * The sentence decides its own direction: an English one in an Arabic page has its full stop at its own end. Names do not
 * decide, since `formatTyping` isolates them.
 */
const OWN_DIRECTION: CSSProperties = { unicodeBidi: 'plaintext' }

/**
 * Shows that others are typing: "The other party is typing…". It is always in the page and reserves its space, so that
 * nothing shifts. Import `react-online-message/styles.css` for its looks, or style `[data-typing-badge]`,
 * `[data-variant]`, `[data-state="idle" | "typing"]`, `[data-activity="typing" | "recording" | …]`, which does not change
 * during the fade, and `[data-part="label" | "dots" | "avatar" | "more" | "announcement"]` yourself.
 */
export const TypingBadge: ForwardRefExoticComponent<TypingBadgeProps & RefAttributes<HTMLSpanElement>> =
  /* @__PURE__ */ forwardRef(function TypingBadge(props, ref) {
    const {
      conversation,
      typists,
      total,
      variant = 'text',
      format = formatTyping,
      announce = true,
      children,
      ...spanProps
    } = props
    const providerLocale = useContext(OnlineMessageContext)?.locale
    const locale = providerLocale ?? english
    // An app's own words may be in any language.
    const defaultLang = props.format ? undefined : 'en'

    const received = useTypists(conversation ?? null)
    const typing = typists ? { typists, total: total ?? typists.length } : received
    const current: TypingBadgeState = { ...typing, conversation }
    const shown = useLastShown(current)

    const isTyping = current.total > 0
    const isShown = shown.total > 0
    const sentence = isShown ? format(shown, locale) : ''
    const isSentence = variant === 'text' && (children === undefined || children === null)

    return (
      <span
        lang={providerLocale?.tag ?? defaultLang}
        {...spanProps}
        ref={ref}
        data-typing-badge=""
        data-variant={variant}
        data-state={isTyping ? 'typing' : 'idle'}
        data-activity={commonActivity(shown.typists)}
      >
        <span data-part="label" aria-hidden="true" style={isSentence ? OWN_DIRECTION : undefined}>
          {isShown && (
            <BadgeContent state={shown} variant={variant} sentence={sentence} tag={locale.tag}>
              {children}
            </BadgeContent>
          )}
        </span>
        {announce && <Announcement sentence={isTyping ? sentence : ''} />}
      </span>
    )
  })

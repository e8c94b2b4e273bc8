'use client'

import {
  type ComponentPropsWithoutRef,
  type CSSProperties,
  forwardRef,
  type ForwardRefExoticComponent,
  type ReactNode,
  type RefAttributes,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Conversation } from '../core/conversation.ts'
import { english } from '../core/english.ts'
import type { TypingLocale } from '../core/locale.ts'
import { formatTyping } from '../core/sentence.ts'
import type { TypingState, Typist } from '../core/typing.ts'
import { Provided } from './use-online-message-client.ts'
import { FADE, STILL } from './timing.ts'
import { useTypists } from './use-typists.ts'

/** Who types, and where. */
export interface TypingBadgeState extends TypingState {
  /** What the badge was given; it tells one-to-one from a group. */
  readonly conversation?: Conversation | null | undefined
}

interface OwnProps {
  /**
   * How it looks. `text`: a line under the composer, or a header's subtitle.
   * @default 'text'
   */
  readonly variant?: 'text' | undefined
  /**
   * Makes the sentence that is seen and spoken.
   * @default formatTyping
   */
  readonly format?: ((state: TypingBadgeState, locale: TypingLocale) => string) | undefined
  /**
   * Whether the sentence is spoken by screen readers: once it has held still for 2 s, once per session of typing, never
   * that somebody stopped. Turn it off in lists, and where two badges show one conversation.
   * @default true
   */
  readonly announce?: boolean | undefined
  /** Replaces what is seen while somebody types; what is spoken stays. It goes at once, only a sentence fades. */
  readonly children?: ReactNode | ((state: TypingBadgeState) => ReactNode)
}

interface OfConversation {
  /** Whose typists are shown. May be a new object in each render, or `null` while none is chosen. */
  readonly conversation: Conversation | null
  readonly typists?: never
  readonly total?: never
}

interface OfTypists {
  /** Who is shown, in this order; for typists of your own making. It needs no provider. */
  readonly typists: readonly Typist[]
  /**
   * How many there are in all, where not all are named.
   * @default typists.length
   */
  readonly total?: number | undefined
  readonly conversation?: never
}

/** `className`, `style`, `ref` and whatever else a `span` takes go to the root. */
export type TypingBadgeProps = (OfConversation | OfTypists) &
  OwnProps &
  Omit<ComponentPropsWithoutRef<'span'>, keyof OwnProps>

/** Here and not only in the style sheet, which an app may do without: the sentence is not to be read twice. */
const UNSEEN: CSSProperties = { position: 'absolute', scale: 0 }

/**
 * "The other party is typing…". It is always there and keeps its line, so that nothing jumps. Import
 * `react-online-message/styles.css` for its looks, or style `[data-typing-badge]`, `[data-variant]`,
 * `[data-state="idle" | "typing"]` and `[data-part="seen" | "spoken"]` yourself.
 */
export const TypingBadge: ForwardRefExoticComponent<TypingBadgeProps & RefAttributes<HTMLSpanElement>> =
  /* @__PURE__ */ forwardRef(function TypingBadge(props, root) {
    const {
      conversation,
      typists,
      total = typists?.length ?? 0,
      variant = 'text',
      format = formatTyping,
      announce = true,
      children,
      ...rest
    } = props
    const { locale } = useContext(Provided)
    const heard = useTypists(conversation ?? null)
    const typing = typists ? { typists, total } : heard
    const state = { ...typing, conversation }
    const sentence = typing.total ? format(state, locale ?? english) : ''

    // The last sentence stays while it fades.
    const [last, setLast] = useState(sentence)
    if (sentence && sentence !== last) setLast(sentence)

    // The live region is there before its text is, and says a sentence once per session of typing. Its text is written
    // past React: to speak costs no render.
    const region = useRef<HTMLSpanElement>(null)
    const spoken = useRef(false)
    useEffect(() => {
      const { current: node } = region
      const settle = () => {
        if (!sentence) {
          spoken.current = false
          setLast('')
        } else if (node && !spoken.current) {
          spoken.current = true
          node.textContent = sentence
        }
      }
      const timer = setTimeout(settle, sentence ? STILL : FADE)
      return () => {
        clearTimeout(timer)
        if (node) node.textContent = ''
      }
    }, [sentence])

    return (
      <span
        lang={locale?.tag}
        {...rest}
        ref={root}
        data-typing-badge=""
        data-variant={variant}
        data-state={typing.total ? 'typing' : 'idle'}
      >
        <span data-part="seen" aria-hidden="true">
          {typing.total
            ? typeof children === 'function'
              ? children(state)
              : (children ?? sentence)
            : !children && last}
        </span>
        {announce && <span ref={region} data-part="spoken" role="status" aria-atomic="true" style={UNSEEN} />}
      </span>
    )
  })

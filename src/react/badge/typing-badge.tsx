'use client'

import {
  type ComponentPropsWithoutRef,
  type CSSProperties,
  forwardRef,
  Fragment,
  type ForwardRefExoticComponent,
  type ReactNode,
  type RefAttributes,
  useContext,
  useEffect,
  useRef,
  useState,
} from 'react'
import type { Conversation } from '../../core/message/conversation.ts'
import { english } from '../../core/language/english.ts'
import type { TypingLocale } from '../../core/language/locale.ts'
import { formatTyping } from '../../core/language/format-typing.ts'
import { NO_TYPISTS, type TypingState, type Typist } from '../../core/typing/typing.ts'
import { Avatars } from './avatars.tsx'
import { Dots } from './dots.tsx'
import { OnlineMessageContext } from '../context.ts'
import { FADE, STILL } from './timing.ts'
import { useTypists } from '../hooks/use-typists.ts'

/** Who types, and where. */
export interface TypingBadgeState extends TypingState {
  /** What the badge was given; it tells one-to-one from a group. */
  readonly conversation?: Conversation | null | undefined
}

interface OwnProps {
  /**
   * How it looks. Each keeps its room while nobody types, so that nothing jumps.
   *
   * - `text`: a sentence in one line, for the place under the composer or a header's subtitle. One too long for its place
   *   ends in an ellipsis.
   * - `dots`: three dots within a line of text, for the rows of a list of conversations.
   * - `bubble`: the dots in a bubble, last in a list of messages.
   * - `avatars`: up to three pictures or initials, how many more there are, and the dots.
   * @default 'text'
   */
  readonly variant?: 'text' | 'dots' | 'bubble' | 'avatars' | undefined
  /**
   * Makes the sentence: what `text` shows, and what every variant has spoken.
   * @default formatTyping
   */
  readonly format?: ((state: TypingBadgeState, locale: TypingLocale) => string) | undefined
  /**
   * Whether the sentence is spoken by screen readers: once it has held still for 2 s, once per session of typing, never
   * that somebody stopped. Turn it off in lists, and where two badges show one conversation.
   * @default true
   */
  readonly announce?: boolean | undefined
  /**
   * Replaces what the variant shows while somebody types, and stays for the 150 ms in which it fades: a function is then
   * called with the last state in which somebody typed. What is spoken stays the sentence.
   */
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

/** An English sentence in an Arabic page, or the reverse, has its full stops at its own end. Names do not decide. */
const OWN_DIRECTION: CSSProperties = { unicodeBidi: 'plaintext' }

/**
 * "The other party is typing…". It is always there and keeps its room, so that nothing jumps. Import
 * `react-online-message/styles.css` for its looks, or style `[data-typing-badge]`, `[data-variant]`,
 * `[data-state="idle" | "typing"]`, `[data-activity="typing" | "recording" | …]`, which stays as it was while it fades, and
 * `[data-part="label" | "dots" | "avatar" | "more" | "announcement"]` yourself.
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
    const locale = useContext(OnlineMessageContext)?.locale
    const words = locale ?? english
    const heard = useTypists(conversation ?? null)
    const now: TypingBadgeState = { ...(typists ? { typists, total } : heard), conversation }

    // What was there last stays while it fades. An array made anew by each render of the parent costs no further commit:
    // what is set while rendering is rendered at once, with the same props.
    const [last, setLast] = useState<TypingBadgeState>(NO_TYPISTS)
    if (now.total && (now.typists !== last.typists || now.total !== last.total)) setLast(now)
    const state = now.total ? now : last

    const text = state.total ? format(state, words) : ''
    const sentence = now.total ? text : ''
    const isSentence = variant === 'text' && children == null
    const [activity = 'typing', another] = new Set(state.typists.map((typist) => typist.activity))

    // The live region is there before its text is, and says a sentence once per session of typing. Its text is written
    // past React: to speak costs no render.
    const region = useRef<HTMLSpanElement>(null)
    const spoken = useRef(false)
    useEffect(() => {
      const { current: node } = region
      const settle = () => {
        if (!sentence) {
          spoken.current = false
          setLast(NO_TYPISTS)
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
        // Words of an app's own may be in any language.
        lang={locale?.tag ?? (props.format ? undefined : 'en')}
        {...rest}
        ref={root}
        data-typing-badge=""
        data-variant={variant}
        data-state={now.total ? 'typing' : 'idle'}
        data-activity={another ? 'typing' : activity}
      >
        <span data-part="label" aria-hidden="true" style={isSentence ? OWN_DIRECTION : undefined}>
          {state.total > 0 &&
            (isSentence ? (
              // Another sentence is another text: it does not move, whichever end it begins at.
              <Fragment key={text}>{text}</Fragment>
            ) : typeof children === 'function' ? (
              children(state)
            ) : (
              (children ?? (variant === 'avatars' ? <Avatars {...state} tag={words.tag} /> : <Dots />))
            ))}
        </span>
        {announce && <span ref={region} data-part="announcement" role="status" aria-atomic="true" style={UNSEEN} />}
      </span>
    )
  })

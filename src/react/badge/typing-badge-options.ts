import type { ReactNode } from 'react'
import type { TypingLocale } from '../../core/language/locale.ts'
import type { Conversation } from '../../core/message/conversation.ts'
import type { TypingState, Typist } from '../../core/typing/typing.ts'

/** Who is typing, and where. */
export interface TypingBadgeState extends TypingState {
  /** The badge's `conversation`: it tells one-to-one from a group. */
  readonly conversation?: Conversation | null | undefined
}

/** What the badge takes besides its typists and the props of a `span`. */
export interface TypingBadgeOptions {
  /**
   * How it looks. Every variant reserves its space, so that showing or hiding it never shifts the layout.
   *
   * - `text`: a sentence in one line, for the place under the composer or the subtitle of a header. In a sentence that is
   *   too long, the names shrink.
   * - `dots`: three dots within a line of text, for the rows of a list of conversations.
   * - `bubble`: the dots in a bubble, for the end of a list of messages.
   * - `avatars`: up to three pictures or initials, the number of the other typists, and the dots.
   * @default 'text'
   */
  readonly variant?: 'text' | 'dots' | 'bubble' | 'avatars' | undefined
  /**
   * Makes the sentence that `text` shows and that every variant announces.
   * @default formatTyping
   */
  readonly format?: ((state: TypingBadgeState, locale: TypingLocale) => string) | undefined
  /**
   * Whether screen readers announce the sentence: once it has not changed for 2 s, once while somebody is typing, and never
   * that somebody stopped. Turn it off in lists, and where two badges show one conversation.
   * @default true
   */
  readonly announce?: boolean | undefined
  /**
   * Replaces what the variant shows while somebody is typing and during the 150 ms of the fade. In the fade a function is
   * called with the last state in which somebody was typing. The announcement stays the sentence.
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
  /** Who is shown, in this order: for typists from elsewhere. Then the badge needs no provider. */
  readonly typists: readonly Typist[]
  /**
   * How many typists there are in all, where not all are named.
   * @default typists.length
   */
  readonly total?: number | undefined
  readonly conversation?: never
}

/** Whose typing a badge shows: a conversation's, or that of the typists it is given. */
export type TypingBadgeTypists = OfConversation | OfTypists

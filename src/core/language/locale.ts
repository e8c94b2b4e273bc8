import type { Activity } from '../typing/typing.ts'

/** One form per plural category of the language. `other` is the one every language has. */
export type PluralForms = Readonly<
  Partial<Record<Intl.LDMLPluralRule, string>> & {
    /** Used where a category has no form of its own. */
    readonly other: string
  }
>

/** One sentence in the forms of its language. `{who}` is its subject; the number of people chooses the form. */
export type Sentence = PluralForms & {
  /**
   * Used where a subject with an "and" needs another verb than a number does: Polish "5 osób pisze", but "Ada i 5 innych osób
   * piszą".
   * @default the sentence's own forms
   */
  readonly joined?: PluralForms
  /**
   * Used where `party` needs another verb than a name does: Hebrew "דנה מקליד/ה", but "הצד השני מקליד".
   * @default the sentence's own forms
   */
  readonly party?: PluralForms
}

/**
 * The words of one language. They are whole sentences: only subjects and numbers are put into them, never grammar.
 *
 * `Intl.PluralRules` chooses the form, by `tag`. A category without a form uses `other`, so that words that do not vary
 * need one form only. To change some words, spread a locale of `react-online-message/locales`; to add a language, write
 * all of them:
 *
 * ```ts
 * const pirate: TypingLocale = {
 *   ...en,
 *   party: 'Yer matey',
 *   sentences: { ...en.sentences, typing: { one: '{who} be scribblin’…', other: '{who} all be scribblin’…' } },
 * }
 * ```
 */
export interface TypingLocale {
  /** BCP 47 tag. Plural rules, numbers and lists of names follow it, and it is the badge's `lang`. */
  readonly tag: string
  /** The typist in a one-to-one conversation: "The other party". */
  readonly party: string
  /** One person without a name: "Somebody". */
  readonly somebody: string
  /** Several people without a name: "3 people". `{n}` is the number, at least 2. */
  readonly people: PluralForms
  /** The people that are counted after the names: "3 others". `{n}` is the number. */
  readonly others: PluralForms
  /** The sentence of each activity: "{who} is typing…", "{who} is thinking…". */
  readonly sentences: Readonly<Record<Activity, Sentence>>
}

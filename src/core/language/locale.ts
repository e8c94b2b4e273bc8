import type { Activity } from '../typing/typing.ts'

/** One form per plural category of the language. `other` is the one every language has. */
export type PluralForms = Readonly<
  Partial<Record<Intl.LDMLPluralRule, string>> & {
    /** Taken where a category has no form of its own. */
    readonly other: string
  }
>

/** One sentence, `{who}` being its subject, by the number of those who do it. */
export type Sentence = PluralForms & {
  /**
   * Where a subject with an "and" takes another verb than a number does: Polish "5 osób pisze", but "Ada i 5 innych osób
   * piszą".
   * @default the sentence's own forms
   */
  readonly joined?: PluralForms
  /**
   * Where `party` takes another verb than a name does: Hebrew "דנה מקליד/ה", but "הצד השני מקליד".
   * @default the sentence's own forms
   */
  readonly party?: PluralForms
}

/**
 * The words of one language. Whole sentences: what is put into them are subjects and numbers, never grammar.
 *
 * A form is chosen by `Intl.PluralRules` of `tag`. Where a category has none, `other` is taken: what does not vary needs
 * no more. To change some words, spread a locale of `react-online-message/locales`; to add a language, write all:
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
  /** BCP 47 tag; plural rules, numbers and lists of names follow it, and it is the badge's `lang`. */
  readonly tag: string
  /** Who is at the other end of a one-to-one conversation: "The other party". */
  readonly party: string
  /** One person without a name: "Somebody". */
  readonly somebody: string
  /** Several without a name: "3 people". `{n}` is the number, at least 2. */
  readonly people: PluralForms
  /** Those who are counted after names: "3 others". `{n}` is the number. */
  readonly others: PluralForms
  /** What each activity is said with: "{who} is typing…", "{who} is thinking…". */
  readonly sentences: Readonly<Record<Activity, Sentence>>
}

import type { Activity } from '../typing/typing.ts'

/** What a language distinguishes when it counts. The names are those of CLDR. */
export type PluralCategory = 'zero' | 'one' | 'two' | 'few' | 'many' | 'other'

/**
 * Says which category a number belongs to.
 *
 * @param n a whole number of people, at least 1.
 */
export type PluralRule = (n: number) => PluralCategory

/** One form per plural category of the language. `other` is the one every language has. */
export type PluralForms = Readonly<
  Partial<Record<PluralCategory, string>> & {
    /** Used where a category has no form of its own. */
    readonly other: string
  }
>

/**
 * What stands before the last person of a list, with its spaces: " and ". It is a function where the language chooses it by
 * how that person begins, or has another one for two people: Spanish "Ana y Luz" and "Ana e Inés".
 */
export type AndWord = string | ((last: string, isPair: boolean) => string)

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
 * The words and the grammar of one language. The words are whole sentences: only subjects and numbers are put into them.
 *
 * The number of people chooses the form, by `plural`. A category without a form uses `other`, so that words that do not
 * vary need one form only. To change some words, spread a locale of `react-online-message/locales`; to add a language,
 * write all of them:
 *
 * ```ts
 * const pirate: TypingLocale = {
 *   ...en,
 *   party: 'Yer matey',
 *   and: ' an’ ',
 *   sentences: { ...en.sentences, typing: { one: '{who} be scribblin’…', other: '{who} all be scribblin’…' } },
 * }
 * ```
 */
export interface TypingLocale {
  /** BCP 47 tag. It is the badge's `lang`, and numbers are written by it. */
  readonly tag: string
  /**
   * The plural category of a number.
   * @default 1 is `one`, all other numbers are `other`
   */
  readonly plural?: PluralRule | undefined
  /** What stands before the last person of a list: "Ada, Grace and 3 others". */
  readonly and: AndWord
  /**
   * What stands before the people between the first and the last, with its space.
   * @default ', '
   */
  readonly comma?: string | undefined
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

import type { Activity } from './typing.ts'

/** One form per plural category of the language. `other` is the one every language has. */
export type PluralForms = Readonly<Partial<Record<Intl.LDMLPluralRule, string>> & { readonly other: string }>

/** One sentence, `{who}` being its subject, by the number of those who do it. */
export type Sentence = PluralForms

/** The words of one language. Whole sentences: what is put into them are subjects and numbers, never grammar. */
export interface TypingLocale {
  /** BCP 47 tag; plural rules, numbers and lists of names follow it. */
  readonly tag: string
  /** Who is at the other end of a one-to-one conversation: "The other party". */
  readonly party: string
  /** One person without a name: "Somebody". */
  readonly somebody: string
  /** Several without a name: "3 people". `{n}` is the number. */
  readonly people: PluralForms
  /** Those who are counted after names: "3 others". `{n}` is the number. */
  readonly others: PluralForms
  readonly sentences: Readonly<Record<Activity, Sentence>>
}

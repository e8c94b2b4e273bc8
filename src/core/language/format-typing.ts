import type { Conversation } from '../message/conversation.ts'
import { english } from './english.ts'
import { MAX_NAMES_IN_SENTENCE } from '../constants.ts'
import type { PluralForms, TypingLocale } from './locale.ts'
import type { TypingState } from '../typing/typing.ts'

/** A name longer than 32 characters is cut there. */
const LONG_NAME = /^(.{31}).{2,}$/su

/** Characters that would turn the text around them; a name has no business with them. */
const BIDI_CONTROLS = /\p{Bidi_Control}/gu

/**
 * Says who types, as one sentence: "Ada is typing…", "Ada, Grace and 3 others are typing…". One-to-one there is no name
 * in it: "The other party is typing…". Nobody types: the empty string. The order is the typists' own.
 *
 * @param state who types, and where: `conversation` tells one-to-one from a group; without it the sentence has names.
 * @param locale words and grammar; English by default, others in `react-online-message/locales`.
 */
export function formatTyping(
  state: TypingState & { readonly conversation?: Conversation | null | undefined },
  locale: TypingLocale = english,
): string {
  const { typists, total, conversation } = state
  if (!total) return ''
  const { tag, party, somebody, people, others, sentences } = locale
  const [activity = 'typing', another] = new Set(typists.map((typist) => typist.activity))
  // Different things at once have no sentence of their own.
  // Nor has what a newer server tells.
  const { [another ? 'typing' : activity]: sentence = sentences.typing }: Partial<typeof sentences> = sentences
  /** The form for a number, with a value in its slot: the number itself, or who it counts. */
  const say = (forms: PluralForms, n: number, value = n.toLocaleString(tag)) =>
    (forms[new Intl.PluralRules(tag).select(n)] ?? forms.other).replace(/{\w+}/, () => value)
  if (conversation?.user) return say(sentence.party ?? sentence, 1, party)

  const names = typists
    .map(({ name = '' }) => name.replace(BIDI_CONTROLS, '').trim().replace(LONG_NAME, '$1…'))
    .filter(Boolean)
    .slice(0, MAX_NAMES_IN_SENTENCE)
  const rest = total - names.length
  const who = rest > 0 ? [...names, names[0] ? say(others, rest) : rest > 1 ? say(people, rest) : somebody] : names
  // Isolated (U+2068, U+2069), so that an Arabic name does not turn an English sentence; and only after the list is made,
  // whose "and" may depend on the name: Spanish "Ana e Inés". Should somebody be called "、", so is that: no harm.
  const list = new Intl.ListFormat(tag)
    .formatToParts(who)
    .map(({ value }) => (names.includes(value) ? `\u2068${value}\u2069` : value))
  return say((who[1] && sentence.joined) || sentence, total, list.join(''))
}

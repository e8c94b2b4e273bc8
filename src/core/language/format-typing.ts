import { MAX_NAMES_IN_SENTENCE } from '../constants.ts'
import type { Conversation } from '../message/conversation.ts'
import { commonActivity, type TypingState, type Typist } from '../typing/typing.ts'
import { english } from './english.ts'
import { isolate, withoutBidiControls } from './isolate.ts'
import { joinList } from './join-list.ts'
import type { PluralForms, Sentence, TypingLocale } from './locale.ts'
import { oneOrOther } from './plural-rules.ts'

/** Matches a name of more than 32 characters; the first 31 are the group. */
const LONG_NAME = /^(.{31}).{2,}$/su

/**
 * Matches what shows nothing before the first visible character of a name: spaces, control characters, characters that
 * Unicode tells everybody to ignore (DI), such as zero-width spaces, fillers and variation selectors, and the empty Braille
 * cell. A name that is nothing else counts as no name.
 */
const INVISIBLE_START = /^[\s\p{Cc}\p{DI}\u2800]+/u

/** Matches a name in a sentence, where `isolate` has put it. */
const ISOLATED_NAME = /\u2068(.*?)\u2069/s

/** A part of the sentence: a name, or the words around names. */
export interface TypingPart {
  /** What it is. Where there is too little room, names may be cut and the words may not. */
  readonly type: 'name' | 'text'
  /** The part as it stands in the sentence, with the characters that isolate a name and with the spaces. */
  readonly value: string
}

/** Who types, and where. */
type TypingIn = TypingState & { readonly conversation?: Conversation | null | undefined }

/**
 * Says who types, as one sentence: "Ada is typing…", "Ada, Grace and 3 others are typing…". In a one-to-one conversation
 * it has no name: "The other party is typing…". While nobody types it is the empty string. The names are in the order of
 * the typists.
 *
 * @param state who types, and where. Its `conversation` says whether it is one-to-one; without it, the sentence has
 * names.
 * @param locale words and grammar; English by default, others in `react-online-message/locales`.
 */
export function formatTyping(state: TypingIn, locale: TypingLocale = english): string {
  const { typists, total, conversation } = state
  if (!total) return ''

  const sentence = sentenceFor(typists, locale)
  if (conversation?.user) {
    const form = pluralForm(sentence.party ?? sentence, 1, locale)
    return fill(form, '{who}', locale.party)
  }

  const names = namesToShow(typists)
  const people = listPeople(names, total, locale)
  const forms = people.length > 1 ? (sentence.joined ?? sentence) : sentence
  return fill(pluralForm(forms, total, locale), '{who}', joinList(people, locale))
}

/**
 * Says the same sentence as `formatTyping` in parts, so that the names can look different, or be cut while the words stay.
 * The parts joined are the sentence; while nobody types there are none.
 *
 * @param state who types, and where.
 * @param locale words and grammar; English by default.
 */
export function formatTypingParts(state: TypingIn, locale: TypingLocale = english): readonly TypingPart[] {
  const parts = splitAtNames(formatTyping(state, locale)).map<TypingPart>((piece, index) =>
    index % 2 === 0 ? { type: 'text', value: piece } : { type: 'name', value: isolate(piece) },
  )
  return parts.filter(({ value }) => value !== '')
}

/** Cuts a sentence of `formatTyping`: words, a name, words, a name, …, words. Words may be empty. */
export const splitAtNames = (sentence: string): string[] => sentence.split(ISOLATED_NAME)

/** The sentence for what the typists do. */
function sentenceFor(typists: readonly Typist[], { sentences }: TypingLocale): Sentence {
  // Partial: a newer server may send an activity that this version does not know.
  const known: Partial<typeof sentences> = sentences
  return known[commonActivity(typists)] ?? sentences.typing
}

/** The names that the sentence has, made safe to stand in it, isolated. */
function namesToShow(typists: readonly Typist[]): string[] {
  return typists
    .map(({ name }) => shownName(name))
    .filter((name) => name !== '')
    .slice(0, MAX_NAMES_IN_SENTENCE)
    .map(isolate)
}

/** A name as it is shown; the empty string for one that shows nothing. */
export function shownName(name = ''): string {
  return withoutBidiControls(name).replace(INVISIBLE_START, '').trimEnd().replace(LONG_NAME, '$1…')
}

/** The people of the sentence: the names, then those without one: "Ada", "Grace", "3 others". */
function listPeople(names: readonly string[], total: number, locale: TypingLocale): readonly string[] {
  const unnamed = total - names.length
  if (unnamed <= 0) return names
  if (names.length > 0) return [...names, count(locale.others, unnamed, locale)]
  if (unnamed > 1) return [count(locale.people, unnamed, locale)]
  return [locale.somebody]
}

/** Says a number of people: "3 others". */
const count = (forms: PluralForms, n: number, locale: TypingLocale) =>
  fill(pluralForm(forms, n, locale), '{n}', n.toLocaleString(locale.tag))

/** The form that the language uses for this number. */
function pluralForm(forms: PluralForms, n: number, { plural = oneOrOther }: TypingLocale): string {
  return forms[plural(n)] ?? forms.other
}

/** Replaces the slots of a form. `replaceAll` would read "$&" and its like in a name. */
const fill = (form: string, slot: '{who}' | '{n}', value: string) => form.split(slot).join(value)

import type { Activity, TypingLocale, TypingState } from '../src/index.ts'
import * as locales from '../src/locales/index.ts'

/** Every language, by its name in `react-online-message/locales`, and sorted, because a bundler may change the order. */
export const LANGUAGES: Readonly<Record<string, TypingLocale>> = Object.fromEntries(
  Object.entries(locales).sort(([a], [b]) => (a < b ? -1 : 1)),
)

/** Two names in that language. In Spanish and Hebrew the beginning of the second one decides how "and" is written. */
const NAMES: Readonly<Record<string, readonly [string, string]>> = {
  'zh-CN': ['小红', '小明'],
  'zh-TW': ['怡君', '志明'],
  ja: ['さくら', '蓮'],
  ko: ['지우', '서연'],
  es: ['Ana', 'Inés'],
  uk: ['Оксана', 'Тарас'],
  ru: ['Анна', 'Олег'],
  ar: ['عمر', 'ليلى'],
  he: ['נועה', 'יוסי'],
  fa: ['سارا', 'علی'],
  hi: ['आशा', 'रवि'],
  th: ['มะลิ', 'สมชาย'],
}

/** `total` typists, of whom the first `named` have names: zero, one or two. */
export function typing(
  { tag }: TypingLocale,
  named: number,
  total: number,
  activity: Activity = 'typing',
): TypingState {
  const names = (NAMES[tag] ?? ['Ada', 'Grace']).slice(0, named)
  return { typists: names.map((name) => ({ id: name, name, activity, since: 0 })), total }
}

/** The name of a language in that language. */
export const endonym = ({ tag }: TypingLocale): string =>
  new Intl.DisplayNames(tag, { type: 'language' }).of(tag) ?? tag

const RIGHT_TO_LEFT = new Set(['ar', 'he', 'fa'])
export const direction = ({ tag }: TypingLocale): 'ltr' | 'rtl' => (RIGHT_TO_LEFT.has(tag) ? 'rtl' : 'ltr')

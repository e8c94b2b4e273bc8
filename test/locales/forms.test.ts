import { describe, expect, test } from 'vitest'
import {
  formatTyping,
  formatTypingParts,
  type PluralForms,
  type Sentence,
  type TypingLocale,
} from '../../src/core/index.ts'
import { ACTIVITIES } from '../../src/core/typing/typing.ts'
import { direction, LANGUAGES } from '../../stories/languages.ts'

/** The plural categories that whole numbers have in a language. The other categories are for fractions. */
function categories(tag: string): string[] {
  const rules = new Intl.PluralRules(tag)
  const numbers = [...Array(2001).keys(), 1e4, 1e5, 1e6, 2e6, 1e7, 1e9]
  // Every language has `other`, although in some of them no whole number is in it.
  return [...new Set([...numbers.map((n) => rules.select(n)), 'other'])].sort()
}

const forms = ({ joined, party, ...own }: Sentence): PluralForms[] =>
  [own, joined, party].filter((forms) => forms !== undefined)
const sentences = (locale: TypingLocale) => Object.values(locale.sentences).flatMap(forms)
const texts = (all: PluralForms[]) => all.flatMap((forms) => Object.values(forms))

/** The script of a language. A language that is not listed is written in Latin letters. */
const SCRIPTS: Readonly<Record<string, RegExp>> = {
  ar: /^\p{Script_Extensions=Arabic}+$/u,
  fa: /^\p{Script_Extensions=Arabic}+$/u,
  he: /^\p{Script=Hebrew}+$/u,
  hi: /^\p{Script_Extensions=Devanagari}+$/u,
  ja: /^[\p{Script=Han}\p{Script_Extensions=Hiragana}\p{Script_Extensions=Katakana}]+$/u,
  ko: /^\p{Script=Hangul}+$/u,
  ru: /^\p{Script=Cyrillic}+$/u,
  th: /^\p{Script=Thai}+$/u,
  uk: /^\p{Script=Cyrillic}+$/u,
  zhCN: /^\p{Script=Han}+$/u,
  zhTW: /^\p{Script=Han}+$/u,
}
/** Letters of a similar language that this one does not have. */
const FOREIGN: Readonly<Record<string, RegExp>> = {
  ar: /[یکگپچژ]/,
  da: /[äö]/,
  fa: /[يكىة]/,
  nb: /[äö]/,
  ru: /[іїєґ]/,
  sv: /[æø]/,
  uk: /[ыэъё]/,
  zhCN: /[對輸錄製傳檔擇圖視頻語訊]/,
  zhTW: /[对输录传档择图视频语讯发]/,
}

describe.each(Object.entries(LANGUAGES))('%s', (name, locale) => {
  const { tag, party, somebody, people, others } = locale
  const counted = texts([people, others])
  const said = texts(sentences(locale))
  const all = [party, somebody, ...counted, ...said]

  test('the platform knows the tag', () => {
    expect(Intl.getCanonicalLocales(tag)).toEqual([tag])
    expect(Intl.PluralRules.supportedLocalesOf(tag)).toEqual([tag])
    expect(Intl.ListFormat.supportedLocalesOf(tag)).toEqual([tag])
  })

  test('names are parts of their own in every sentence, in the order of the typists', () => {
    for (const activity of ACTIVITIES) {
      const typists = ['Ada', 'Grace'].map((name) => ({ id: name, name, activity, since: 1 }))
      for (const named of [0, 1, 2]) {
        for (const total of [named, named + 1, named + 2, named + 5].filter((n) => n > 0)) {
          const state = { typists: typists.slice(0, named), total }
          const parts = formatTypingParts(state, locale)
          const names = parts.filter(({ type }) => type === 'name').map(({ value }) => value)
          expect(names).toEqual(['\u2068Ada\u2069', '\u2068Grace\u2069'].slice(0, named))
          expect(parts.map(({ value }) => value).join('')).toBe(formatTyping(state, locale))
        }
      }
    }
  })

  test('there is a sentence for every activity', () => {
    expect(Object.keys(locale.sentences)).toEqual(ACTIVITIES)
  })

  test('there is a form for each category that whole numbers have, or one for all numbers', () => {
    for (const forms of [people, others, ...sentences(locale)]) {
      const own = Object.keys(forms).sort()
      if (own.length > 1) expect(own).toEqual(categories(tag))
      else expect(own).toEqual(['other'])
    }
  })

  test('a sentence has one subject, and an ellipsis at the end', () => {
    for (const sentence of said) {
      expect(sentence.match(/{.*?}/g)).toEqual(['{who}'])
      expect(sentence).toMatch(/[^\s….]…$/)
    }
  })

  test('a counted form has its number, unless its words say it', () => {
    for (const forms of [people, others])
      for (const [category, form] of Object.entries(forms)) {
        expect(form).not.toContain('{who}')
        // In a language whose form leaves the number out, its category is for 1 only or for 2 only.
        if (!form.includes('{n}')) {
          expect(['one', 'two']).toContain(category)
          const rules = new Intl.PluralRules(tag)
          const numbers = [...Array(2001).keys()].filter((n) => rules.select(n) === category)
          expect(numbers).toEqual([category === 'one' ? 1 : 2])
        } else expect(form.match(/{.*?}/g)).toEqual(['{n}'])
      }
    expect(party + somebody).not.toMatch(/[{}]/)
  })

  test('it has only words of its own language', () => {
    const script = SCRIPTS[name] ?? /^\p{Script=Latin}+$/u
    for (const text of all) {
      expect(text).toBe(text.normalize('NFC'))
      const words = text.replace(/{who}|{n}|…$/g, ' ')
      // One space between words, none around them; an apostrophe, a hyphen or a slash only between letters.
      expect(text).not.toMatch(/^\s|\s$|\s\s|[^\S ]/)
      for (const word of words.split(/ |(?<=\p{L})[’/-](?=\p{L})/u).filter(Boolean)) expect(word).toMatch(script)
      if (FOREIGN[name]) expect(text).not.toMatch(FOREIGN[name])
    }
  })

  test('without its subject, a sentence still has the direction of its language', () => {
    for (const text of all) {
      const [first = ''] = /\p{L}/u.exec(text.replace(/{who}|{n}/, '')) ?? []
      expect(/[\p{Script=Arabic}\p{Script=Hebrew}]/u.test(first) ? 'rtl' : 'ltr').toBe(direction(locale))
    }
  })
})

import { describe, expect, test } from 'vitest'
import { ACTIVITIES } from '../../src/core/typing/typing.ts'
import { type Activity, formatTyping, type TypingState } from '../../src/core/index.ts'
import * as locales from '../../src/locales/index.ts'
import { endonym, LANGUAGES, typing } from '../../stories/languages.ts'

/** Without the isolation characters, and with plain spaces: the kind of space differs between versions of ICU. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '').replace(/\s/g, ' ')

const namesAnd = (others: number) => [2, 2 + others] as const
const nameless = (total: number) => [0, total] as const

test('the sentences are those of sentences.txt, which speakers of the language can read', async () => {
  const page = Object.entries(LANGUAGES).map(([name, locale]) => {
    const say = (named: number, total: number, activity?: Activity, oneToOne = false) =>
      plain(
        formatTyping(
          { ...typing(locale, named, total, activity), conversation: oneToOne ? { user: 'u' } : undefined },
          locale,
        ),
      )
    return [
      `${name} · ${locale.tag} · ${endonym(locale)}`,
      '',
      ...ACTIVITIES.map((activity) => `one-to-one ${activity.padEnd(9)}  ${say(1, 1, activity, true)}`),
      ...ACTIVITIES.map((activity) => `one ${activity.padEnd(16)}  ${say(1, 1, activity)}`),
      ...ACTIVITIES.map((activity) => `two ${activity.padEnd(16)}  ${say(2, 2, activity)}`),
      ...[1, 2, 5, 21, 1232].map((n) => `two and ${String(n).padEnd(12)}  ${say(...namesAnd(n))}`),
      ...[1, 2, 5, 21, 100].map((n) => `no names, ${String(n).padEnd(10)}  ${say(...nameless(n))}`),
      '',
      '',
    ].join('\n')
  })
  await expect(page.join('\n')).toMatchFileSnapshot('sentences.txt')
})

test('every language is exported under the name of its tag', () => {
  const tags = Object.entries(LANGUAGES).map(([name, { tag }]) => {
    expect(tag.replace('-', '')).toBe(name === 'en' ? 'enGB' : name)
    return tag
  })
  expect(tags.join(' ')).toBe(
    'ar cs da de en-GB es fa fi fr he hi id it ja ko nb nl pl pt-BR ru sv th tr uk vi zh-CN zh-TW',
  )
})

/** The sentence for these names and this total. */
type Cases = [names: string[], total: number, sentence: string][]
const AGREEMENT: Record<string, Cases> = {
  pl: [
    [[], 2, '2 osoby piszą…'],
    [[], 5, '5 osób pisze…'],
    [[], 12, '12 osób pisze…'],
    [[], 21, '21 osób pisze…'],
    [[], 22, '22 osoby piszą…'],
    [[], 100, '100 osób pisze…'],
    [['Ewa'], 2, 'Ewa i 1 inna osoba piszą…'],
    [['Ewa'], 6, 'Ewa i 5 innych osób piszą…'],
    [['Ewa', 'Jan'], 7, 'Ewa, Jan i 5 innych osób piszą…'],
    [['Ewa', 'Jan'], 5, 'Ewa, Jan i 3 inne osoby piszą…'],
  ],
  cs: [
    [[], 2, '2 lidé píší…'],
    [[], 5, '5 lidí píše…'],
    [[], 21, '21 lidí píše…'],
    [[], 22, '22 lidí píše…'],
    [['Eva'], 2, 'Eva a 1 další píší…'],
    [['Eva', 'Jan'], 7, 'Eva, Jan a 5 dalších píší…'],
    [['Eva', 'Jan'], 100, 'Eva, Jan a 98 dalších píší…'],
  ],
  uk: [
    [[], 2, '2 людини пишуть…'],
    [[], 5, '5 людей пишуть…'],
    [[], 11, '11 людей пишуть…'],
    [[], 21, '21 людина пише…'],
    [[], 22, '22 людини пишуть…'],
    [['Олег', 'Ольга'], 21, 'Олег, Ольга і ще 19 пишуть…'],
  ],
  ru: [
    [[], 2, '2 человека печатают…'],
    [[], 5, '5 человек печатают…'],
    [[], 11, '11 человек печатают…'],
    [[], 21, '21 человек печатает…'],
    [[], 22, '22 человека печатают…'],
    [['Олег', 'Ольга'], 21, 'Олег, Ольга и ещё 19 печатают…'],
    [['Олег', 'Ольга'], 23, 'Олег, Ольга и ещё 21 печатают…'],
  ],
  fi: [
    [[], 2, '2 henkilöä kirjoittaa…'],
    [[], 21, '21 henkilöä kirjoittaa…'],
    [['Aino', 'Eino'], 2, 'Aino ja Eino kirjoittavat…'],
    [['Aino', 'Eino'], 3, 'Aino, Eino ja 1 muu kirjoittavat…'],
    [['Aino'], 4, 'Aino ja 3 muuta kirjoittavat…'],
  ],
  ar: [
    [[], 2, 'يكتب شخصان…'],
    [[], 3, 'يكتب 3 أشخاص…'],
    [[], 11, 'يكتب 11 شخصًا…'],
    [[], 100, 'يكتب 100 شخص…'],
    [['عمر'], 2, 'يكتب عمر وشخص آخر…'],
    [['عمر'], 3, 'يكتب عمر وشخصان آخران…'],
    [['عمر', 'ليلى'], 12, 'يكتب عمر وليلى و10 أشخاص آخرين…'],
  ],
  he: [
    [['נועה'], 1, 'נועה מקליד/ה…'],
    [['נועה', 'יוסי'], 2, 'נועה ויוסי מקלידים…'],
    [['נועה', 'Ada'], 2, 'נועה ו-Ada מקלידים…'],
    [['נועה'], 2, 'נועה ועוד אדם אחד מקלידים…'],
    [['נועה'], 3, 'נועה ועוד שני אנשים מקלידים…'],
    [[], 2, 'שני אנשים מקלידים…'],
    [[], 20, '20 אנשים מקלידים…'],
  ],
  es: [
    [['Ana', 'Inés'], 2, 'Ana e Inés están escribiendo…'],
    [['Ana', 'Hilda'], 2, 'Ana e Hilda están escribiendo…'],
    [['Ana', 'Luz'], 2, 'Ana y Luz están escribiendo…'],
    [[], 1_000_000, '1.000.000 de personas están escribiendo…'],
  ],
}

describe('the verb agrees with its subject: a name, names, a number, or names and a number', () => {
  test.each(
    Object.entries(AGREEMENT).flatMap(([name, cases]) =>
      cases.map(([names, total, sentence]) => [name, sentence, names, total] as const),
    ),
  )('%s: %s', (name, sentence, names, total) => {
    const typists = names.map((name) => ({ id: name, name, activity: 'typing' as const, since: 0 }))
    expect(plain(formatTyping({ typists, total } satisfies TypingState, LANGUAGES[name]))).toBe(sentence)
  })
})

test('one-to-one', () => {
  const say = (locale: typeof locales.en) =>
    formatTyping({ ...typing(locale, 1, 1), conversation: { user: 'u' } }, locale)
  expect(say(locales.en)).toBe('The other party is typing…')
  expect(say(locales.zhCN)).toBe('对方正在输入…')
  expect(say(locales.zhTW)).toBe('對方正在輸入…')
})

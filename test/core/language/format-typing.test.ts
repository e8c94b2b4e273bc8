import { describe, expect, test } from 'vitest'
import {
  type Activity,
  type Conversation,
  formatTyping,
  formatTypingParts,
  type TypingLocale,
  type TypingState,
} from '../../../src/core/index.ts'
import { en, zhCN } from '../../../src/locales/index.ts'

/** Without the isolation characters, so that it can be read. */
const plain = (text: string) => text.replace(/[\u2068\u2069]/g, '')

const state = (names: (string | undefined)[], total = names.length, activity: Activity = 'typing'): TypingState => ({
  typists: names.map((name, i) => ({ id: `id ${i}`, name, activity, since: i })),
  total,
})
const say = (...args: Parameters<typeof state>) => plain(formatTyping(state(...args)))
const sayZh = (...args: Parameters<typeof state>) => plain(formatTyping(state(...args), zhCN))

describe('English', () => {
  test.each<[string, (string | undefined)[], number]>([
    ['', [], 0],
    ['Ada is typing…', ['Ada'], 1],
    ['Ada and Grace are typing…', ['Ada', 'Grace'], 2],
    ['Ada, Grace and 1 other are typing…', ['Ada', 'Grace', 'Joan'], 3],
    ['Ada, Grace and 3 others are typing…', ['Ada', 'Grace', 'Joan'], 5],
    ['Ada, Grace and 98 others are typing…', ['Ada', 'Grace', 'Joan', 'Mary', 'Anita'], 100],
    ['Ada, Grace and 1,998 others are typing…', ['Ada', 'Grace'], 2000],
    ['Somebody is typing…', [undefined], 1],
    ['2 people are typing…', [undefined, undefined], 2],
    ['3 people are typing…', [undefined, '', undefined], 3],
    ['Somebody is typing…', [' \n '], 1],
    ['Somebody is typing…', ['\u202e'], 1],
    ['Ada and 1 other are typing…', ['  ', ' Ada '], 2],
    ['100 people are typing…', [undefined], 100],
    ['Ada and 1 other are typing…', [undefined, 'Ada'], 2],
    ['Ada and 3 others are typing…', ['Ada'], 4],
    ['3 is typing…', ['3'], 1],
    ['3 and 4 are typing…', ['3', '4'], 2],
  ])('%s', (sentence, names, total) => {
    expect(say(names, total)).toBe(sentence)
  })

  test.each<[Activity, string, string]>([
    ['typing', 'Ada is typing…', 'The other party is typing…'],
    ['recording', 'Ada is recording a voice message…', 'The other party is recording a voice message…'],
    ['photo', 'Ada is sending a photo…', 'The other party is sending a photo…'],
    ['video', 'Ada is sending a video…', 'The other party is sending a video…'],
    ['file', 'Ada is sending a file…', 'The other party is sending a file…'],
    ['sticker', 'Ada is choosing a sticker…', 'The other party is choosing a sticker…'],
    ['thinking', 'Ada is thinking…', 'The other party is thinking…'],
  ])('%s', (activity, inGroup, oneToOne) => {
    expect(say(['Ada'], 1, activity)).toBe(inGroup)
    expect(formatTyping({ ...state(['Ada'], 1, activity), conversation: { user: 'ada' } })).toBe(oneToOne)
    expect(say(['Ada', 'Grace'], 2, activity)).toBe(inGroup.replace('Ada is', 'Ada and Grace are'))
  })

  test('is the default', () => {
    expect(formatTyping(state(['Ada']), en)).toBe(formatTyping(state(['Ada'])))
  })
})

describe('Chinese', () => {
  test.each<[string, (string | undefined)[], number]>([
    ['', [], 0],
    ['小红正在输入…', ['小红'], 1],
    ['小红和小明正在输入…', ['小红', '小明'], 2],
    ['小红、小明和另外 1 人正在输入…', ['小红', '小明', '小刚'], 3],
    ['小红、小明和另外 98 人正在输入…', ['小红', '小明'], 100],
    ['有人正在输入…', [undefined], 1],
    ['3 人正在输入…', [undefined], 3],
    ['小红和另外 2 人正在输入…', ['小红'], 3],
  ])('%s', (sentence, names, total) => {
    expect(sayZh(names, total)).toBe(sentence)
  })

  test('one-to-one', () => {
    expect(formatTyping({ ...state(['小红']), conversation: { user: 'xh' } }, zhCN)).toBe('对方正在输入…')
    expect(formatTyping({ ...state(['小红'], 1, 'recording'), conversation: { user: 'xh' } }, zhCN)).toBe(
      '对方正在录制语音…',
    )
  })
})

describe('who', () => {
  test.each<[string, Conversation | null | undefined, string]>([
    ['one-to-one has no name', { user: 'ada' }, 'The other party is typing…'],
    ['one-to-one in a thread neither', { user: 'ada', thread: 't' }, 'The other party is typing…'],
    ['a group has', { group: 'team' }, 'Ada is typing…'],
    ['no conversation has', undefined, 'Ada is typing…'],
    ['none chosen yet has', null, 'Ada is typing…'],
  ])('%s', (_, conversation, sentence) => {
    expect(plain(formatTyping({ ...state(['Ada']), conversation }))).toBe(sentence)
  })

  test('one-to-one, while nobody types', () => {
    expect(formatTyping({ ...state([]), conversation: { user: 'ada' } })).toBe('')
  })

  test('the order of the typists is kept', () => {
    expect(say(['Zoë', 'Ada'])).toBe('Zoë and Ada are typing…')
  })

  test('an activity that this version does not know is typing', () => {
    const unknown = 'dancing' as Activity
    expect(say(['Ada'], 1, unknown)).toBe('Ada is typing…')
  })

  test('different activities at once are typing', () => {
    const mixed = { typists: [...state(['Ada'], 1, 'photo').typists, ...state(['Bob'], 1, 'file').typists], total: 2 }
    expect(plain(formatTyping(mixed))).toBe('Ada and Bob are typing…')
    expect(plain(formatTyping(mixed, zhCN))).toBe('Ada和Bob正在输入…')
  })
})

describe('names', () => {
  test('each name is isolated, so that an Arabic one does not turn the direction of an English sentence', () => {
    expect(formatTyping(state(['ليلى', 'Ada']))).toBe('\u2068ليلى\u2069 and \u2068Ada\u2069 are typing…')
  })

  test('nothing else is isolated', () => {
    expect(formatTyping({ ...state(['Ada']), conversation: { user: 'ada' } })).not.toMatch(/[\u2068\u2069]/)
    expect(formatTyping(state([undefined]))).toBe('Somebody is typing…')
  })

  test.each(['\u202e', '\u202a', '\u2066', '\u2067', '\u2068', '\u2069', '\u200e', '\u200f', '\u061c', '\u202c'])(
    'a name cannot end its isolation with a bidi control: %j',
    (control) => {
      expect(formatTyping(state([`A${control}da${control}`]))).toBe('\u2068Ada\u2069 is typing…')
    },
  )

  test('joiners inside emoji and Persian words stay', () => {
    expect(say(['👩‍🚀 می‌روم'])).toBe('👩‍🚀 می‌روم is typing…')
  })

  test('a long name is cut to 32 characters, none of them in half', () => {
    const exact = 'x'.repeat(32)
    expect(say([exact])).toBe(`${exact} is typing…`)
    expect(say([`${exact}y`])).toBe(`${'x'.repeat(31)}… is typing…`)
    expect(say(['👋'.repeat(500)])).toBe(`${'👋'.repeat(31)}… is typing…`)
    expect(say(['x\n'.repeat(5000)])).toHaveLength('… is typing…'.length + 31)
  })

  test('a huge name is cut like any other', () => {
    const huge = 1_000_000
    expect(say(['a'.repeat(huge), '\u202e'.repeat(huge)])).toBe(`${'a'.repeat(31)}… and 1 other are typing…`)
  })

  // What each of them shows: nothing.
  test.each<[string, string]>([
    ['spaces', ' \t\n\u00a0\u3000\u2003'],
    ['zero-width space', '\u200b'],
    ['word joiner', '\u2060'],
    ['soft hyphen', '\u00ad'],
    ['zero-width joiner and non-joiner', '\u200d\u200c'],
    ['byte order mark', '\ufeff'],
    ['combining grapheme joiner', '\u034f'],
    ['Hangul filler', '\u3164'],
    ['halfwidth Hangul filler', '\uffa0'],
    ['Hangul jamo fillers', '\u115f\u1160'],
    ['Mongolian vowel separator', '\u180e'],
    ['empty Braille cell', '\u2800'],
    ['bidi controls', '\u202e\u2066\u200f\u061c'],
    ['variation selectors', '\ufe0f\ufe0e\u{e0100}'],
    ['tags', '\u{e0041}\u{e007f}'],
    ['invisible operators', '\u2061\u2064'],
    ['control characters', '\u0000\u0007\u001b\u0085'],
    ['music controls', '\u{1d173}'],
    ['several of them', ' \u200b\u3164 \u2800\u202e\ufe0f\u0000 '],
    ['more of them than a name has room for', '\u3164'.repeat(100)],
  ])('a name that shows nothing counts as no name: %s', (_, invisible) => {
    expect(say([invisible])).toBe('Somebody is typing…')
    expect(say([invisible, 'Ada'])).toBe('Ada and 1 other are typing…')
    expect(say([invisible, invisible])).toBe('2 people are typing…')
  })

  test.each<[string, string]>([
    ['\u3164'.repeat(40) + 'Ada', 'Ada'],
    ['\u200b\u2800 Ada \u3000', 'Ada'],
    // Those inside and after a name belong to it.
    ['A\u00adda', 'A\u00adda'],
    ['❤\ufe0f', '❤\ufe0f'],
    ['👩\u200d🚀', '👩\u200d🚀'],
    ['.', '.'],
    ['\u0301', '\u0301'],
    ['⠁⠙⠁', '⠁⠙⠁'],
  ])('a name that shows something counts, from its first visible character: %j', (name, shown) => {
    expect(say([name])).toBe(`${shown} is typing…`)
  })

  test.each(['$&', '$1', '$$', "$'", '$`', '$<who>', '{who}', '{n}', '{who} {n}', '\\', '%s', '<b>', '&lt;'])(
    'a name has no special characters: %s',
    (name) => {
      expect(say([name])).toBe(`${name} is typing…`)
      expect(say([name, name])).toBe(`${name} and ${name} are typing…`)
      expect(say([name, 'Ada'], 5)).toBe(`${name}, Ada and 3 others are typing…`)
    },
  )
})

describe('formatTypingParts', () => {
  const parts = (names: (string | undefined)[], total = names.length) => formatTypingParts(state(names, total))

  test('names are parts of their own, isolated as in the sentence; the rest is text', () => {
    expect(parts(['Ada', 'Grace'], 5)).toEqual([
      { type: 'name', value: '\u2068Ada\u2069' },
      { type: 'text', value: ', ' },
      { type: 'name', value: '\u2068Grace\u2069' },
      { type: 'text', value: ' and 3 others are typing…' },
    ])
  })

  test('while nobody types there are no parts', () => {
    expect(parts([])).toEqual([])
  })

  test.each<[string, (string | undefined)[], number]>([
    ['somebody', [undefined], 1],
    ['several people without names', [undefined], 7],
  ])('%s: there is only text', (_, names, total) => {
    expect(parts(names, total).map(({ type }) => type)).toEqual(['text'])
  })

  test('one-to-one there is only text, also when the typist has a name', () => {
    const oneToOne = { ...state(['Ada']), conversation: { user: 'ada' } }
    expect(formatTypingParts(oneToOne)).toEqual([{ type: 'text', value: 'The other party is typing…' }])
  })

  test.each([',', ', ', ' and ', '3 others', '{who}', '{n}', ' are typing…'])(
    'a name that looks like other words of the sentence is a name, and they are not: %j',
    (name) => {
      const isolated = `\u2068${name.trim()}\u2069`
      expect(parts([name]).filter(({ type }) => type === 'name')).toEqual([{ type: 'name', value: isolated }])
      expect(parts([name, 'Ada'])[1]).toEqual({ type: 'text', value: ' and ' })
    },
  )

  test('a locale may say who types more than once in a sentence, or not at all', () => {
    const sentences = { ...en.sentences, typing: { other: '{who}, {who}!' }, file: { other: 'A file is coming…' } }
    const locale = { ...en, sentences }
    expect(formatTypingParts(state(['Ada']), locale).map(({ type }) => type)).toEqual(['name', 'text', 'name', 'text'])
    expect(formatTyping(state(['Ada'], 1, 'file'), locale)).toBe('A file is coming…')
  })
})

describe('other languages', () => {
  // A made-up locale with the categories of Polish.
  const polish: TypingLocale = {
    ...en,
    tag: 'pl',
    plural: (n) => new Intl.PluralRules('pl').select(n),
    and: ' i ',
    party: 'Druga osoba',
    people: { one: '{n} osoba', few: '{n} osoby', many: '{n} osób', other: '{n} osoby' },
    others: { one: '{n} inna osoba', few: '{n} inne osoby', many: '{n} innych osób', other: '{n} innej osoby' },
    sentences: {
      ...en.sentences,
      typing: {
        one: '{who} pisze…',
        few: '{who} piszą…',
        many: '{who} pisze (wielu)…',
        other: '{who} pisze?',
        joined: { few: '{who} piszą (kilka)…', other: '{who} piszą (razem)…' },
        party: { other: '{who} pisze (sama)…' },
      },
    },
  }
  const sayPl = (names: string[], total: number) => plain(formatTyping(state(names, total), polish))

  test('may bring plural forms of their own', () => {
    expect(sayPl(['Ada'], 1)).toBe('Ada pisze…')
    expect(sayPl([], 3)).toBe('3 osoby piszą…')
    expect(sayPl([], 5)).toBe('5 osób pisze (wielu)…')
  })

  test('may have another verb for a subject with an "and"', () => {
    expect(sayPl(['Ada', 'Ewa'], 4)).toBe('Ada, Ewa i 2 inne osoby piszą (kilka)…')
    expect(sayPl(['Ada', 'Ewa'], 7)).toBe('Ada, Ewa i 5 innych osób piszą (razem)…')
    expect(sayPl(['Ada'], 6)).toBe('Ada i 5 innych osób piszą (razem)…')
  })

  test('without a plural rule, 1 is `one` and every other number is `other`', () => {
    const people = { one: 'one', two: 'two', other: 'other' }
    const counting = { ...en, people, others: people, sentences: { ...en.sentences, typing: { other: '{who}' } } }
    expect([1, 2, 5, 21].map((others) => plain(formatTyping(state(['Ada'], 1 + others), counting)))).toEqual([
      'Ada and one',
      'Ada and other',
      'Ada and other',
      'Ada and other',
    ])
  })

  test('may have another comma', () => {
    const locale: TypingLocale = { ...en, and: ' & ', comma: '; ' }
    expect(plain(formatTyping(state(['Ada', 'Eve']), locale))).toBe('Ada & Eve are typing…')
    expect(plain(formatTyping(state(['Ada', 'Eve'], 3), locale))).toBe('Ada; Eve & 1 other are typing…')
  })

  test('may have another "and" for two people', () => {
    const locale: TypingLocale = { ...en, and: (_last, isPair) => (isPair ? ' and ' : ', and ') }
    expect(plain(formatTyping(state(['Ada', 'Eve']), locale))).toBe('Ada and Eve are typing…')
    expect(plain(formatTyping(state(['Ada', 'Eve'], 3), locale))).toBe('Ada, Eve, and 1 other are typing…')
  })

  test('and another for the other party', () => {
    expect(formatTyping({ ...state(['Ada']), conversation: { user: 'ada' } }, polish)).toBe('Druga osoba pisze (sama)…')
  })

  test('choose their "and" by the name, which is isolated too', () => {
    const spanish = { ...en, and: (last: string) => (last.startsWith('I') ? ' e ' : ' y ') }
    expect(formatTyping(state(['Ana', 'Inés']), spanish)).toBe('\u2068Ana\u2069 e \u2068Inés\u2069 are typing…')
    expect(formatTyping(state(['Ana', 'Luz'], 3), spanish)).toBe(
      '\u2068Ana\u2069, \u2068Luz\u2069 y 1 other are typing…',
    )
  })
})

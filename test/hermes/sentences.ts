import { formatTyping, formatTypingParts } from '../../src/core/index.ts'
import { ACTIVITIES } from '../../src/core/typing/typing.ts'
import * as locales from '../../src/locales/index.ts'

const NAMES = ['Ada', 'Inés', 'Hilda', 'Олег', 'נועה', 'ليلى', '\u200f\u200b', 'x'.repeat(40)]
const TOTALS = [1, 2, 3, 5, 11, 12, 21, 22, 25, 100, 103, 111, 999]

/** Every language, activity and plural category, one-to-one and in groups, with names of several scripts. */
export function allSentences(): string[] {
  // Sorted, because a bundler may change the order.
  const languages = Object.entries(locales).sort(([a], [b]) => (a < b ? -1 : 1))
  return languages.flatMap(([language, locale]) =>
    ACTIVITIES.flatMap((activity) => {
      const typistsOf = (names: readonly string[]) => names.map((name) => ({ id: name, name, activity, since: 0 }))
      const pairs = NAMES.map((name, index) => [NAMES[(index + 1) % NAMES.length]!, name])
      const states = [
        { typists: typistsOf(['Ada']), total: 1, conversation: { user: 'ada' } },
        ...NAMES.map((name) => ({ typists: typistsOf([name]), total: 1 })),
        ...pairs.map((names) => ({ typists: typistsOf(names), total: 2 })),
        ...TOTALS.map((total) => ({ typists: typistsOf([]), total })),
        ...TOTALS.map((others) => ({ typists: typistsOf(['Ada', 'Inés']), total: 2 + others })),
      ]
      return states.flatMap((state) => {
        const parts = formatTypingParts(state, locale)
        return [
          `${language} ${formatTyping(state, locale)}`,
          `${language} ${parts.map(({ value }) => value).join('|')}`,
        ]
      })
    }),
  )
}

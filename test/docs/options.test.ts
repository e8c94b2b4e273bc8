/** A page's tables have every option that the sources have, with the same default. */
import { expect, test } from 'vitest'
import { readApi } from '../../.storybook/api.ts'
import { readPage, rowsOf } from './pages.ts'

const pages = [
  { page: 'docs/client.md', entry: 'index.ts', of: 'createOnlineMessageClient' },
  { page: 'docs/server-options.md', entry: 'server/index.ts', of: 'attachOnlineMessages' },
  { page: 'docs/use-online-message.md', entry: 'index.ts', of: 'useOnlineMessage' },
  { page: 'docs/use-typing-input.md', entry: 'index.ts', of: 'useTypingInput' },
  { page: 'docs/typing-badge.md', entry: 'index.ts', of: 'TypingBadge' },
]

/** A default that is a value and no sentence. */
const isLiteral = (text: string) => /^(\d+|true|false|'.*')$/.test(text)

test.each(pages)('$page has every option of $of, with its default', { timeout: 60_000 }, ({ page, entry, of }) => {
  const options = readApi(entry)
    .find(({ name }) => name === of)
    ?.rows.filter(({ group }) => group === 'Options' || group === 'Props')
  expect(options?.length).toBeGreaterThan(0)

  const rows = rowsOf(readPage(page).text)
  const wrong = (options ?? []).flatMap(({ name, default: value = '' }) => {
    // `identify(socket)` and `rateLimits.perGroup` are rows of `identify` and `rateLimits`.
    const row = rows.find(([cell = '']) => new RegExp(`^\`${name}[\`(.]`).test(cell))
    if (!row) return [`${name} is missing`]
    const written = row.at(-1)?.replaceAll('`', '') ?? ''
    return isLiteral(value) && written !== value ? [`${name} is ${written}, and ${value} in the sources`] : []
  })
  expect(wrong).toEqual([])
})

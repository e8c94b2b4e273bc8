/** What the site is made of. `npm run site` makes it, and checks the pages themselves. */
import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { pageOfQuestion } from '../../site/checks/search-words.mjs'
import { withSiteLinks } from '../../site/links.mjs'
import { guideGroups } from '../../site/navigation.mjs'
import { shownPaths } from '../../site/pages.mjs'
import { searchTerms } from '../../site/search-terms.mjs'
import { readPages, root } from './pages.ts'

const shown = new Set(shownPaths())
const guides = readPages().map(({ path }) => path)

test('the site shows every guide', () => {
  expect(guides.filter((path) => !shown.has(path))).toEqual([])
})

test('the menu leads to every guide that the index has', () => {
  const links = guideGroups().flatMap(({ items }) => items.map(({ link }) => link))
  const missing = guides
    .filter((path) => /^docs\/(migrating\/)?[^/]+\.md$/.test(path) && path !== 'docs/README.md')
    .filter((path) => !links.includes(`/${path}`))
  expect(missing).toEqual([])
})

test('the menu leads to nothing else than pages of the site', () => {
  const links = guideGroups().flatMap(({ items }) => items.map(({ link }) => link))
  const pathOf = (link: string) => link.slice(1).replace(/\/$/, '')
  expect(links.filter((link) => !shown.has(pathOf(link)))).toEqual([])
})

test('every link of every document that the site shows leads to a file', () => {
  const documents = [...shown].filter((path) => path.endsWith('.md'))
  expect(documents.length).toBeGreaterThan(guides.length)
  const readLinks = () => documents.map((path) => withSiteLinks(path, readFileSync(`${root}${path}`, 'utf8')))
  expect(readLinks).not.toThrow()
})

test('a link leads to the page of a document, a file or a folder, and code keeps its text', () => {
  const text = '[a](use-typists.md#use) [b](../examples/hooks) [c](../LICENSE) [d](https://react.dev) `[e](nothing.md)`'
  expect(withSiteLinks('docs/client.md', text)).toBe(
    '[a](/docs/use-typists.md#use) [b](/examples/hooks/index.md) [c](/LICENSE.md) [d](https://react.dev) `[e](nothing.md)`',
  )
  expect(() => withSiteLinks('docs/client.md', '[f](nothing.md)')).toThrow('there is no docs/nothing.md')
})

test('a file in a folder with a name in brackets has a page', () => {
  const text = '[conversation.tsx](app/chat/[peer]/conversation.tsx)'
  expect(withSiteLinks('examples/next/README.md', text)).toBe(
    '[conversation.tsx](/examples/next/app/chat/peer/conversation.tsx.md)',
  )
})

test('the page that has to answer a question is a guide', () => {
  const pages = Object.values(pageOfQuestion).map((page) => `${page}.md`)
  expect(pages.filter((page) => !guides.includes(page))).toEqual([])
})

test.each([
  ['styling', ['styl']],
  ['styles', ['styl']],
  ['style', ['styl']],
  ['nodes', ['node']],
  ['node', ['node']],
  ['type', ['type']],
  ['useTypists', ['usetypist', 'use', 'typist']],
])('the search knows "%s" as %j', (word, terms) => {
  expect(searchTerms(word)).toEqual(terms)
})

/** The menus of the site. docs/README.md, the index of the guides, says which guides there are. */
import { posix } from 'node:path'
import { pageFileOf, readText } from './repository.mjs'

const index = 'docs/README.md'

/** Every heading of the second level with what follows it. */
const sectionsOf = (text) =>
  text
    .split(/^## /m)
    .slice(1)
    .map((section) => ({ heading: section.slice(0, section.indexOf('\n')), text: section }))

/** The address of a page: that of a folder's page ends with a slash. */
const addressOf = (path) => `/${pageFileOf(path)}`.replace(/(^|\/)index\.md$/, '$1')

/** The links in the first column of a table. */
const linksIn = (text) =>
  [...text.matchAll(/^\| \[([^\]]+)\]\(([^)#]+)\)/gm)].map(([, title, target]) => ({
    text: title.replaceAll('`', '').replace(/^examples\//, ''),
    link: addressOf(posix.normalize(posix.join(posix.dirname(index), target))),
  }))

/** The guides and the examples, as the sections of the index have them: `{ text, items: [{ text, link }] }`. */
export const guideGroups = () =>
  sectionsOf(readText(index))
    .map(({ heading, text }) => ({ text: heading, items: linksIn(text) }))
    .filter(({ items }) => items.length > 0)

const start = {
  text: 'Start',
  items: [
    { text: 'README', link: '/README' },
    { text: 'All guides', link: '/docs/' },
    { text: 'API reference', link: '/reference/' },
    { text: 'All examples', link: '/examples/' },
  ],
}

export const guideSidebar = () => [start, ...guideGroups()]

export const topMenu = [
  { text: 'Guides', link: '/docs/', activeMatch: '^/docs/' },
  { text: 'API', link: '/reference/', activeMatch: '^/reference/' },
  { text: 'Examples', link: '/examples/', activeMatch: '^/examples/' },
  // A program of its own beside the pages.
  { text: 'Storybook', link: '/storybook/index.html', target: '_self' },
  { text: 'Results', link: '/bench/RESULTS' },
  { text: 'Changes', link: '/CHANGELOG' },
]

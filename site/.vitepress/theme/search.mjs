/** Finds pages, where VitePress finds sections of pages. */
import MiniSearch from 'minisearch'
import { searchTerms } from '../../search-terms.mjs'

const maxPages = 10

/** A guide answers a question; the reference, the examples and the records are for those who look for a name. */
const weights = [
  [/\/(docs\/[\w-]+|README|PROTOCOL)\.html$/, 1],
  [/\/docs\/migrating\//, 0.7],
  [/\/reference\//, 0.55],
  [/./, 0.4],
]

const weightOf = (id) => weights.find(([pattern]) => pattern.test(id.split('#')[0]))[1]

/** @param index as VitePress has written it */
export function readIndex(index) {
  return MiniSearch.loadJSON(index, {
    fields: ['title', 'titles', 'text'],
    storeFields: ['title', 'titles'],
    processTerm: searchTerms,
    searchOptions: {
      prefix: true,
      fuzzy: (term) => (term.length > 4 ? 0.2 : false),
      boost: { title: 4, titles: 1, text: 2 },
      boostDocument: weightOf,
    },
  })
}

/** @returns the best pages: `{ link, title, section }`, where the link leads to the best section of the page */
export function findPages(index, question) {
  const pages = new Map()
  for (const { id, title, titles } of index.search(question)) {
    const [page] = id.split('#')
    const isWholePage = titles.length === 0
    if (!pages.has(page)) {
      pages.set(page, { link: id, title: isWholePage ? title : titles[0], section: isWholePage ? '' : title })
    }
    if (pages.size === maxPages) break
  }
  return [...pages.values()]
}

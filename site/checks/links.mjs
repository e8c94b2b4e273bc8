/** No link of the site is dead: each leads to a file that is there, and to an anchor that is on it. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { join, posix } from 'node:path'

const attribute = /<(\w+)[^>]*?\s(href|src|srcset)="([^"]*)"/g
const isElsewhere = (link) => /^(?:mailto|data):/.test(link)
const isOnAnotherServer = (link) => /^(?:[a-z]+:)?\/\//.test(link)

/** Storybook checks itself: it is a program, and its pages have no links of their own. */
const pagesIn = (folder) =>
  readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .map((file) => file.replaceAll('\\', '/'))
    .filter((file) => file.endsWith('.html') && !file.startsWith('storybook/'))

const unescape = (text) => text.replaceAll('&amp;', '&').replaceAll('&quot;', '"').replaceAll('&#39;', "'")

/** @returns the pages, and as sentences every dead link of theirs and everything that they would load from another server */
export function findDeadLinks({ folder, base }) {
  const pages = pagesIn(folder)
  const read = new Map(pages.map((page) => [page, readFileSync(join(folder, page), 'utf8')]))
  const anchors = new Map(
    [...read].map(([page, html]) => [
      page,
      new Set([...html.matchAll(/\sid="([^"]+)"/g)].map(([, id]) => unescape(id))),
    ]),
  )

  function fileOf(page, path) {
    if (path === '') return page
    if (path.startsWith('/') && !path.startsWith(base)) return undefined
    const file = path.startsWith('/') ? path.slice(base.length) : posix.join(posix.dirname(page), path)
    const full = join(folder, file)
    const isFolder = file === '' || file.endsWith('/') || (existsSync(full) && statSync(full).isDirectory())
    return isFolder ? posix.join(file, 'index.html') : file
  }

  function whatIsWrong(page, [, element, name, written]) {
    const link = unescape(written)
    if (isElsewhere(link)) return undefined
    if (isOnAnotherServer(link)) {
      return element === 'a' ? undefined : `${page} loads ${link} from another server.`
    }
    const [path, anchor] = link.split('#')
    const file = fileOf(page, decodeURIComponent(path.split('?')[0]))
    if (file === undefined || !existsSync(join(folder, file))) return `${page}: ${name}="${link}" leads to nothing.`
    if (anchor === undefined || anchor === '' || !anchors.has(file)) return undefined
    const isThere = anchors.get(file).has(decodeURIComponent(anchor))
    return isThere ? undefined : `${page}: ${name}="${link}", and ${file} has no such anchor.`
  }

  const problems = [...read].flatMap(([page, html]) =>
    [...html.matchAll(attribute)].map((match) => whatIsWrong(page, match)),
  )
  return { paths: pages, problems: problems.filter((problem) => problem !== undefined) }
}

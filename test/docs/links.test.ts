/** Every link of a page leads somewhere, and every command it names can be run. */
import { existsSync, readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { expect, test } from 'vitest'
import { anchorsOf, proseOf, readPage, readPages, root } from './pages.ts'

const pages = readPages()
const { scripts } = JSON.parse(readFileSync(`${root}package.json`, 'utf8')) as { scripts: Record<string, string> }

/** Markdown's links and pictures, and HTML's. */
function linksOf(text: string): string[] {
  const prose = proseOf(text)
  const inMarkdown = [...prose.matchAll(/\]\(([^)\s]+)\)/g)]
  const inHtml = [...prose.matchAll(/(?:href|src|srcset)="([^"]+)"/g)]
  return [...inMarkdown, ...inHtml].map(([, link = '']) => link)
}

function whatIsWrong(page: string, link: string): string | undefined {
  if (/^(https?|mailto):/.test(link)) return undefined
  const [path = '', anchor] = link.split('#')
  const target = path === '' ? page : join(dirname(page), path).replaceAll('\\', '/')
  if (!existsSync(join(root, target))) return `${page} → ${link}: there is no ${target}`
  if (anchor === undefined) return undefined
  const anchors = anchorsOf(readFileSync(join(root, target), 'utf8'))
  return anchors.has(anchor) ? undefined : `${page} → ${link}: ${target} has no heading #${anchor}`
}

test('every link leads to a file that is there, and to a heading that is there', () => {
  const wrong = pages.flatMap(({ path, text }) => linksOf(text).map((link) => whatIsWrong(path, link)))
  expect(wrong.filter((problem) => problem !== undefined)).toEqual([])
})

test('every npm script that a page names is there', () => {
  const missing = pages.flatMap(({ path, text }) =>
    [...text.matchAll(/npm run ([\w:-]+)(?! --prefix)/g)]
      .map(([, script = '']) => script)
      .filter((script) => !(script in scripts))
      .map((script) => `${path}: npm run ${script}`),
  )
  expect(missing).toEqual([])
})

test('the index leads to every page', () => {
  const index = linksOf(readPage('docs/README.md').text).map((link) => join('docs', link).replaceAll('\\', '/'))
  const subjects = pages.map(({ path }) => path).filter((path) => /^docs\/(migrating\/)?[^/]+\.md$/.test(path))
  expect(subjects.filter((path) => path !== 'docs/README.md' && !index.includes(path))).toEqual([])
})

test('a page says what, then use, options, example and limits, in this order', () => {
  const order = ['Use', 'Options', 'Example', 'Limits']
  const wrong = pages
    .filter(({ path }) => path.startsWith('docs/'))
    .filter(({ text }) => {
      const places = [...text.matchAll(/^## (.+)$/gm)]
        .map(([, heading = '']) => order.indexOf(heading))
        .filter((place) => place >= 0)
      return places.join() !== [...new Set(places)].sort().join()
    })
  expect(wrong.map(({ path }) => path)).toEqual([])
})

test('README.md has at most 180 lines', () => {
  expect(readPage('README.md').text.trimEnd().split('\n').length).toBeLessThanOrEqual(180)
})

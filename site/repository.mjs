/** What the site shows of the repository, and where: a page has the address that its file has in the repository. */
import { existsSync, readFileSync, readdirSync, statSync } from 'node:fs'
import { extname, join, posix } from 'node:path'
import { fileURLToPath } from 'node:url'

export const root = fileURLToPath(new URL('..', import.meta.url))

/** Where the reading starts. Every link of these documents leads to one more page. */
export const firstDocuments = [
  'README.md',
  'docs/README.md',
  'examples/README.md',
  'ARCHITECTURE.md',
  'CHANGELOG.md',
  'CODE_OF_CONDUCT.md',
  'CONTRIBUTING.md',
  'PROTOCOL.md',
  'SECURITY.md',
  'bench/FAULTS.md',
  'bench/RESULTS.md',
]

const notShown = new Set(['node_modules', 'dist', 'package-lock.json', '__pycache__'])
const pictures = new Set(['.svg', '.webp', '.png', '.gif'])

/** @returns 'folder', 'document', 'picture' or 'source' (a file that is shown as code); `undefined` if there is nothing. */
export function kindOf(path) {
  const file = join(root, path)
  if (!existsSync(file)) return undefined
  if (statSync(file).isDirectory()) return 'folder'
  if (extname(path) === '.md') return 'document'
  return pictures.has(extname(path)) ? 'picture' : 'source'
}

/** What a folder shows: its folders first. */
export function listFolder(path) {
  return readdirSync(join(root, path), { withFileTypes: true })
    .filter((entry) => !entry.name.startsWith('.') && !notShown.has(entry.name) && !pictures.has(extname(entry.name)))
    .map((entry) => ({ name: entry.name, path: posix.join(path, entry.name), isFolder: entry.isDirectory() }))
    .sort((a, b) => Number(b.isFolder) - Number(a.isFolder) || a.name.localeCompare(b.name))
}

export const readText = (path) => readFileSync(join(root, path), 'utf8')

/** The README of a folder, which is the folder's page. The one of the root is a page beside the front page. */
export const hasReadme = (folder) => existsSync(join(root, folder, 'README.md'))

/** The Markdown file that makes the page of a path. */
export function pageFileOf(path) {
  // To VitePress a name in brackets, which Next's routes have, stands for many pages.
  const name = path.replace(/[[\]]/g, '')
  const kind = kindOf(path)
  if (kind === 'folder') return `${name}/index.md`
  // VitePress leaves out `.name.md`, and would take `styled.html` for the page `styled`.
  if (kind === 'source') return `${name.replace(/^\./, '').replace(/\.html$/, '-html')}.md`
  return path !== 'README.md' && path.endsWith('/README.md') ? name.replace(/README\.md$/, 'index.md') : name
}

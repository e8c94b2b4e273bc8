/** Makes the pages that show the repository: documents, files as code, and lists of the files of a folder. */
import { cpSync, mkdirSync, writeFileSync } from 'node:fs'
import { dirname, extname, join, posix } from 'node:path'
import { targetsOf, withPictures, withSiteLinks } from './links.mjs'
import { firstDocuments, hasReadme, kindOf, listFolder, pageFileOf, readText, root } from './repository.mjs'

const languages = {
  '.cjs': 'js',
  '.css': 'css',
  '.html': 'html',
  '.js': 'js',
  '.json': 'json',
  '.jsx': 'jsx',
  '.mjs': 'js',
  '.mts': 'ts',
  '.py': 'python',
  '.ts': 'ts',
  '.tsx': 'tsx',
  '.yml': 'yaml',
}

/** Nothing of it is found by the search, which is for guides and the API. */
const frontmatterOfSource = '---\nsearch: false\nsidebar: false\noutline: false\nprev: false\nnext: false\n---\n\n'

/** Long enough for every file that has fences of its own. */
const fence = '``````'

const linkTo = ({ name, path, isFolder }) => `- [\`${name}${isFolder ? '/' : ''}\`](/${pageFileOf(path)})`

const parentOf = (path) => posix.dirname(path)

function sourcePage(path) {
  const language = languages[extname(path)] ?? 'text'
  const parent = parentOf(path)
  const place = parent === '.' ? '' : `In [\`${parent}/\`](/${pageFileOf(parent)}).\n\n`
  return `${frontmatterOfSource}# ${posix.basename(path)}\n\n${place}${fence}${language}\n${readText(path).trimEnd()}\n${fence}\n`
}

const filesOf = (folder) =>
  listFolder(folder)
    .filter(({ name }) => name !== 'README.md')
    .map(linkTo)
    .join('\n')

const folderPage = (folder) => `${frontmatterOfSource}# ${folder}\n\n${filesOf(folder)}\n`

/** A folder of examples is its README and its files. Of other folders the README says what matters. */
const listsItsFiles = (path) => /^(examples\/.+|protocol)\/README\.md$/.test(path)

function documentPage(path) {
  const text = withSiteLinks(path, withPictures(readText(path)))
  if (!listsItsFiles(path)) return text
  return `${text.trimEnd()}\n\n## All files of this folder\n\n${filesOf(parentOf(path))}\n`
}

/** The paths that a page of this path leads to. */
function pathsAfter(path) {
  switch (kindOf(path)) {
    case 'document': {
      const linked = targetsOf(path, withPictures(readText(path)))
      return listsItsFiles(path) ? [...linked, ...listFolder(parentOf(path)).map((entry) => entry.path)] : linked
    }
    case 'folder':
      return hasReadme(path) ? [`${path}/README.md`] : listFolder(path).map((entry) => entry.path)
    case 'source':
      return parentOf(path) === '.' ? [] : [parentOf(path)]
    default:
      return []
  }
}

/** All paths of the repository that the site shows: what the first documents lead to, directly or not. */
export function shownPaths() {
  const shown = new Set(firstDocuments)
  for (const path of shown) for (const next of pathsAfter(path)) shown.add(next)
  return [...shown]
}

function pageOf(path) {
  switch (kindOf(path)) {
    case 'document':
      return documentPage(path)
    case 'source':
      return sourcePage(path)
    // With a README the folder's page is a document.
    default:
      return hasReadme(path) ? undefined : folderPage(path)
  }
}

/** Writes the pages into `folder`, and the pictures into its folder `public`. */
export function writePages(folder) {
  const write = (file, text) => {
    mkdirSync(dirname(join(folder, file)), { recursive: true })
    writeFileSync(join(folder, file), text)
  }
  for (const path of shownPaths()) {
    if (kindOf(path) === 'picture') {
      cpSync(join(root, path), join(folder, 'public', path))
      continue
    }
    const page = pageOf(path)
    if (page !== undefined) write(pageFileOf(path), page)
  }
}

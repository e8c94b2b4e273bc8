/** Makes the API reference from the docstrings: a folder for each entry point, a page for each thing that it exports. */
import { readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { join, posix } from 'node:path'
import { Application, ReflectionKind } from 'typedoc'
import { root } from './repository.mjs'

const { name: packageName, exports } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8'))

/** The entry points that have a source: './dist/core/index.d.ts' is made from 'src/core/index.ts'. */
const entryPoints = Object.entries(exports)
  .filter(([, target]) => target.types?.import !== undefined)
  .map(([subpath, target]) => ({
    // What one imports: react-online-message/core.
    name: posix.join(packageName, subpath),
    source: join(root, target.types.import.replace('./dist/', 'src/').replace(/\.d\.ts$/, '.ts')),
  }))

/** TypeDoc calls an entry point after its file. */
function nameAsImported(project) {
  for (const { name, source } of entryPoints) {
    const module = project.children.find((child) => project.getSymbolIdFromReflection(child)?.fileName === source)
    if (!module) throw new Error(`TypeDoc has not found ${source}.`)
    module.name = name
  }
}

/** What an entry point exports again has its page where it comes from. */
const menuOf = (module, addressOf) =>
  module.groups
    .map((group) => ({ ...group, children: group.children.filter((child) => !child.kindOf(ReflectionKind.Reference)) }))
    .filter(({ children }) => children.length > 0)
    .map(({ title, children }) => ({
      text: title,
      items: children.map((child) => ({ text: child.name, link: addressOf(child) })),
    }))

/** In a narrow menu: `core`, not `react-online-message/core`. */
const shortName = (module) => module.name.replace(`${packageName}/`, '')

/** The menus beside the reference: everywhere the entry points, and in each of them what it exports. */
function sidebarsOf(project, addressOf) {
  const all = {
    text: 'API reference',
    items: project.children.map((module) => ({ text: shortName(module), link: addressOf(module) })),
  }
  const menus = project.children.map((module) => [addressOf(module), [all, ...menuOf(module, addressOf)]])
  return { '/reference/': [all], ...Object.fromEntries(menus) }
}

/** TypeDoc gives each of these a heading of its own, and there are fifty: here they are a list. */
function withShortReferences(text) {
  return text
    .replace('## References', '## Exported here, too')
    .replace(/### .+\n\nRe-exports (\[.+\]\(.+\))\n(?:\n\*\*\*\n\n)?/g, '- $1\n')
}

function shortenReferences(folder) {
  for (const file of readdirSync(folder, { recursive: true, encoding: 'utf8' })) {
    if (!file.endsWith('index.md')) continue
    const path = join(folder, file)
    writeFileSync(path, withShortReferences(readFileSync(path, 'utf8')))
  }
}

/**
 * Writes the pages into `folder`.
 *
 * @returns the menus beside them, by the address of the folder
 * @throws {Error} when a docstring refers to something that is not there
 */
export async function writeReference(folder) {
  const app = await Application.bootstrapWithPlugins({
    name: 'API reference',
    entryPoints: entryPoints.map(({ source }) => source),
    tsconfig: join(root, 'site/tsconfig.reference.json'),
    plugin: ['typedoc-plugin-markdown'],
    outputs: [{ name: 'markdown', path: folder }],
    readme: 'none',
    excludeInternal: true,
    disableSources: true,
    // `npm test` checks the types.
    skipErrorChecking: true,
    // Some exported types are made of others that nobody has to name.
    validation: { notExported: false, invalidLink: true, invalidPath: true },
    treatValidationWarningsAsErrors: true,
    sortEntryPoints: false,
    logLevel: 'Warn',
    router: 'member',
    entryFileName: 'index',
    hidePageHeader: true,
    groupOrder: ['Functions', 'Variables', 'Interfaces', 'Type Aliases'],
    parametersFormat: 'table',
    textContentMappings: { 'title.memberPage': '{name}' },
  })
  const project = await app.convert()
  if (!project) throw new Error('TypeDoc could not read the sources.')
  nameAsImported(project)
  app.validate(project)
  let sidebars
  // The addresses are known only while the pages are written.
  app.renderer.postRenderAsyncJobs.push(async () => {
    const addressOf = (reflection) => app.renderer.router.getFullUrl(reflection).replace(/index\.md$/, '')
    sidebars = sidebarsOf(project, (reflection) => `/reference/${addressOf(reflection)}`)
  })
  await app.generateOutputs(project)
  if (app.logger.hasErrors()) throw new Error('TypeDoc has found the errors above.')
  shortenReferences(folder)
  return sidebars
}

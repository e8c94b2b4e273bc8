/** Every block of TypeScript and JavaScript on a page is a whole module, and compiles against the sources. */
import { readdirSync, readFileSync } from 'node:fs'
import { dirname } from 'node:path'
import ts from 'typescript'
import { expect, test } from 'vitest'
import { type CodeBlock, type Page, readPage, readPages, root } from './pages.ts'
import { sources } from './sources.ts'

const TYPESCRIPT = ['ts', 'tsx']
const JAVASCRIPT = ['js', 'mjs', 'jsx']

/** No such folder exists: the compiler is given its files from memory, and finds the packages from here. */
const FOLDER = `${root}code-of-the-pages`

/** Pages whose code imports files of an example. The packages of such an example have an installation of their own. */
const EXAMPLES: ReadonlyMap<string, { readonly folder: string; readonly packages: readonly string[] }> = new Map([
  [
    'docs/operating.md',
    { folder: 'examples/operating', packages: ['prom-client', '@opentelemetry/api', '@opentelemetry/sdk-metrics'] },
  ],
  ['docs/writing-a-bus.md', { folder: 'examples/mqtt-bus', packages: ['mqtt', 'aedes'] }],
])

const packagesOfExamples = [...EXAMPLES.values()].flatMap(({ folder, packages }) =>
  packages.map((name): [string, string] => [name, `${root}${folder}/node_modules/${name}`]),
)

const SHARED: ts.CompilerOptions = {
  target: ts.ScriptTarget.ES2023,
  lib: ['lib.es2023.d.ts', 'lib.dom.d.ts', 'lib.dom.iterable.d.ts'],
  module: ts.ModuleKind.ESNext,
  moduleResolution: ts.ModuleResolutionKind.Bundler,
  moduleDetection: ts.ModuleDetectionKind.Force,
  jsx: ts.JsxEmit.ReactJSX,
  types: ['node', 'vite/client'],
  paths: Object.fromEntries([...sources, ...packagesOfExamples].map(([name, place]) => [name, [place]])),
  noEmit: true,
  allowImportingTsExtensions: true,
  skipLibCheck: true,
  strict: true,
  exactOptionalPropertyTypes: true,
  noUncheckedIndexedAccess: true,
  noUnusedLocals: true,
  noUnusedParameters: true,
}

/** A reader of JavaScript writes no types: a parameter without one may be anything. */
const FOR_JAVASCRIPT: ts.CompilerOptions = { ...SHARED, allowJs: true, checkJs: true, noImplicitAny: false }

interface Origin {
  readonly page: Page
  readonly block: CodeBlock
}

const folderOf = (page: Page) => `${FOLDER}/${page.path.replace(/\.md$/, '').toLowerCase()}`

/** The README's `socket.ts` is there on every page that has none of its own. */
const socket = readPage('README.md').blocks.find(({ file }) => file === 'src/socket.ts')

function filesOf(pages: readonly Page[], languages: readonly string[]): Map<string, Origin> {
  const files = new Map<string, Origin>()
  for (const page of pages) {
    const folder = folderOf(page)
    for (const block of page.blocks) {
      if (!languages.includes(block.language)) continue
      const file = `${folder}/${block.file}`
      if (files.has(file)) throw new Error(`${page.path}:${block.line} has a second ${block.file}. Name it otherwise.`)
      files.set(file, { page, block })
    }
    if (socket && languages === TYPESCRIPT && !files.has(`${folder}/socket.ts`)) {
      files.set(`${folder}/socket.ts`, { page, block: socket })
    }
    if (languages === JAVASCRIPT) {
      for (const file of filesOfExample(page)) files.set(`${folder}/${file.block.file}`, file)
    }
  }
  return files
}

/** The files of a page's example, which lie beside the code of the page. */
function filesOfExample({ path, blocks }: Page): Origin[] {
  const folder = EXAMPLES.get(path)?.folder
  if (folder === undefined) return []
  const names = readdirSync(`${root}${folder}`).filter((name) => name.endsWith('.mjs'))
  return names
    .filter((name) => !blocks.some(({ file }) => file === name))
    .map((file) => {
      const code = readFileSync(`${root}${folder}/${file}`, 'utf8')
      return { page: readPage(`${folder}/${file}`), block: { language: 'mjs', file, line: 1, code } }
    })
}

/** Files that are not a page's: each is parsed once for all programs below, whose options parse them alike. */
const parsed = new Map<string, ts.SourceFile | undefined>()

/** What the compiler says, with the page and the line it says it of. */
function compile(pages: readonly Page[], languages: readonly string[], options: ts.CompilerOptions): string[] {
  const files = filesOf(pages, languages)
  const folders = new Set([...files.keys()].map((file) => dirname(file)))
  const host = ts.createCompilerHost(options)
  const disk = { ...host }
  host.fileExists = (file) => files.has(file) || disk.fileExists(file)
  host.directoryExists = (folder) => folders.has(folder) || (disk.directoryExists?.(folder) ?? false)
  host.readFile = (file) => files.get(file)?.block.code ?? disk.readFile(file)
  host.getSourceFile = (file, version, ...more) => {
    const origin = files.get(file)
    if (origin) return ts.createSourceFile(file, origin.block.code, version)
    if (!parsed.has(file)) parsed.set(file, disk.getSourceFile(file, version, ...more))
    return parsed.get(file)
  }
  const program = ts.createProgram({ rootNames: [...files.keys()], options, host })
  return [...files].flatMap(([file, { page, block }]) => {
    const source = program.getSourceFile(file)
    if (!source) return [`${page.path}:${block.line} was not compiled`]
    const found = [...program.getSyntacticDiagnostics(source), ...program.getSemanticDiagnostics(source)]
    return found.map(({ start = 0, messageText, code }) => {
      const { line } = source.getLineAndCharacterOfPosition(start)
      return `${page.path}:${block.line + line} TS${code}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`
    })
  })
}

const pages = readPages()
/** What a page declares would hold for all others: it is compiled by itself. */
const declares = ({ text }: Page) => text.includes("declare module 'react-online-message'")

/** The types of React Native would change those of a web page. `node scripts/setup.mjs --react-native` installs them. */
const isForPhones = ({ text }: Page) => text.includes("from 'react-native'")
const FOR_PHONES: ts.CompilerOptions = {
  ...SHARED,
  lib: ['lib.es2023.d.ts'],
  types: ['node'],
  paths: {
    ...SHARED.paths,
    'react-native': [`${root}test/react-native/node_modules/react-native`],
    // One copy of React's types: React Native is installed beside a second one.
    react: [`${root}node_modules/@types/react`],
    'react/*': [`${root}node_modules/@types/react/*`],
  },
}

test('the TypeScript of README.md and docs/ compiles', { timeout: 120_000 }, () => {
  const others = pages.filter((page) => !declares(page) && !isForPhones(page))
  expect(compile(others, TYPESCRIPT, SHARED)).toEqual([])
})

test.each(pages.filter(declares).map((page) => [page.path, page] as const))(
  'the TypeScript of %s, which declares commands, compiles',
  { timeout: 120_000 },
  (_path, page) => {
    expect(compile([page], TYPESCRIPT, SHARED)).toEqual([])
  },
)

test('the TypeScript for React Native compiles, without a DOM', { timeout: 120_000 }, () => {
  const forPhones = pages.filter(isForPhones)
  expect(forPhones).toHaveLength(1)
  expect(compile(forPhones, TYPESCRIPT, FOR_PHONES)).toEqual([])
})

test('the JavaScript of README.md and docs/ compiles', { timeout: 120_000 }, () => {
  expect(compile(pages, JAVASCRIPT, FOR_JAVASCRIPT)).toEqual([])
})

test('a mistake on a page is found, and its line is named', { timeout: 120_000 }, () => {
  const block = { language: 'ts', file: 'line-7.ts', line: 7, code: "\nexport const text: number = 'no'" }
  expect(compile([{ path: 'docs/wrong.md', text: '', blocks: [block], examples: [] }], TYPESCRIPT, SHARED)).toEqual([
    "docs/wrong.md:8 TS2322: Type 'string' is not assignable to type 'number'.",
  ])
})

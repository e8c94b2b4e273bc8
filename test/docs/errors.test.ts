/**
 * Every error and warning has a code, and docs/errors.md a heading for each code. A bundle for production has none of the
 * texts for developers.
 */
import { readdirSync, readFileSync } from 'node:fs'
import ts from 'typescript'
import { build, type Rolldown } from 'vite'
import { beforeAll, describe, expect, test } from 'vitest'
import { readPage, root } from './pages.ts'

/** A call of `createError` or `withCode`. */
interface Report {
  /** From src, with slashes. */
  readonly file: string
  /** `undefined` where the code is that of a refusal, which a variable holds. */
  readonly code: string | undefined
  /** The words of its text that are literal, in pieces. */
  readonly pieces: readonly string[]
}

interface Source {
  readonly file: string
  readonly tree: ts.SourceFile
}

const sources: readonly Source[] = readdirSync(`${root}src`, { recursive: true, encoding: 'utf8' })
  .map((file) => file.replaceAll('\\', '/'))
  .filter((file) => /\.tsx?$/.test(file))
  .map((file) => ({
    file,
    tree: ts.createSourceFile(file, readFileSync(`${root}src/${file}`, 'utf8'), ts.ScriptTarget.Latest, true),
  }))

function nodesOf(tree: ts.Node): ts.Node[] {
  const nodes: ts.Node[] = []
  const visit = (node: ts.Node) => {
    nodes.push(node)
    ts.forEachChild(node, visit)
  }
  visit(tree)
  return nodes
}

/** Names what a call or a `new` calls: `console.warn`, `TypeError`. */
const calleeOf = (node: ts.Node) =>
  ts.isCallExpression(node) || ts.isNewExpression(node) ? node.expression.getText() : undefined

/** Where each code and each text stands among the arguments. */
const CODE_AND_TEXT: Readonly<Record<string, { readonly code: number; readonly text: number }>> = {
  createError: { code: 1, text: 2 },
  withCode: { code: 0, text: 1 },
}

/** The literal strings of an expression. What a minifier writes differently, such as quotes, divides them. */
const piecesOf = (text: ts.Node | undefined): string[] =>
  (text ? nodesOf(text) : [])
    .filter((node) => ts.isStringLiteralLike(node) || ts.isTemplateLiteralToken(node))
    .flatMap((node) => node.text.match(/[\w .,:]{12,}/g) ?? [])

const reports: readonly Report[] = sources
  .filter(({ file }) => file !== 'core/errors.ts')
  .flatMap(({ file, tree }) =>
    nodesOf(tree).flatMap((node) => {
      const places = CODE_AND_TEXT[calleeOf(node) ?? '']
      if (!places || !ts.isCallExpression(node)) return []
      const code = node.arguments[places.code]
      const pieces = piecesOf(node.arguments[places.text])
      return [{ file, code: code && ts.isStringLiteral(code) ? code.text : undefined, pieces }]
    }),
  )

/** The members of a union of string literals that src declares. */
function membersOf(file: string, type: string): string[] {
  const tree = sources.find((source) => source.file === file)!.tree
  const declaration = nodesOf(tree).find((node) => ts.isTypeAliasDeclaration(node) && node.name.text === type)!
  return nodesOf(declaration).flatMap((node) => (ts.isStringLiteral(node) ? [node.text] : []))
}

const refusals = membersOf('core/message/send-result.ts', 'SendFailureCode')
const errorCodes = membersOf('core/errors.ts', 'ErrorCode')
const page = readPage('docs/errors.md').text

describe('every error and warning has a code', () => {
  test('no error is made without one', () => {
    const made = sources
      .filter(({ file }) => !file.startsWith('testing/'))
      .flatMap(({ file, tree }) =>
        nodesOf(tree)
          .map(calleeOf)
          .filter((callee) => callee !== undefined && /^([A-Z]\w*)?Error$/.test(callee))
          .map((callee) => `${file}: ${callee}`),
      )
    // It gets the code of the refusal that it reports.
    expect(made).toEqual(['core/report-failure.ts: Error'])
  })

  test('nothing is printed without one', () => {
    const printed = sources.flatMap(({ file, tree }) =>
      nodesOf(tree)
        .filter((node) => ts.isCallExpression(node) && node.expression.getText().startsWith('console.'))
        .filter((node) => calleeOf((node as ts.CallExpression).arguments[0]!) !== 'withCode')
        .map((node) => `${file}: ${node.getText()}`),
    )
    expect(printed).toEqual([])
  })

  test('no code is listed that nothing uses', () => {
    const used = reports.flatMap(({ code }) => code ?? [])
    expect([...new Set(used)].sort()).toEqual([...errorCodes].sort())
  })

  test('docs/errors.md has a heading for each code, and for nothing else', () => {
    const headings = [...page.matchAll(/^### (.+)$/gm)].map(([, heading]) => heading)
    expect([...headings].sort()).toEqual([...refusals, ...errorCodes].sort())
  })

  test('each of its sections says what happened, why, and what to do', () => {
    const sections = page.split(/^### /m).slice(1)
    const incomplete = sections.filter(
      (section) => !/^[\w-]+\n\n[^*]+\*\*Why:\*\*\s[^]+\*\*What to do:\*\*\s/.test(section),
    )
    expect(incomplete.map((section) => section.split('\n')[0])).toEqual([])
  })
})

/** What runs in browsers. */
const ENTRIES = [
  'index',
  ...['socket-io', 'broadcast-channel', 'memory', 'tencent-chat'].map((name) => `transports/${name}/index`),
]
const isOfBrowsers = ({ file }: Report) => /^(core|react|transports)\//.test(file)

/** The errors that an app in production can throw. */
const IN_PRODUCTION: readonly string[] = [
  'core/transport/local-validation.ts: invalid-user',
  'react/context.ts: no-provider',
  'transports/memory/index.ts: invalid-option',
]
const isInProduction = ({ file, code }: Report) => IN_PRODUCTION.includes(`${file}: ${code}`)

/** The code of an app that uses everything, as app bundlers make it. */
async function bundleFor(mode: 'development' | 'production'): Promise<string> {
  const app = `${root}src/app.js`
  const imports = ENTRIES.map(
    (entry, index) => `import * as part${index} from '${root}src/${entry}.ts'; console.log(part${index})`,
  )
  const output = await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === app ? id : undefined),
        load: (id) => (id === app ? imports.join('\n') : undefined),
      },
    ],
    build: {
      write: false,
      modulePreload: false,
      rolldownOptions: { input: app, external: [/^react(-dom)?($|\/)/] },
    },
  })
  return (output as Rolldown.RolldownOutput).output[0].code
}

describe('a bundle for browsers', () => {
  const bundles = { development: '', production: '' }
  beforeAll(async () => {
    bundles.development = await bundleFor('development')
    bundles.production = await bundleFor('production')
  })

  const inBrowsers = reports.filter(isOfBrowsers)
  const forDevelopers = inBrowsers.filter((report) => !isInProduction(report))
  const hint = 'Check there that attachOnlineMessages is called'

  test('for development has all texts and codes', () => {
    const texts = inBrowsers.flatMap(({ code, pieces }) => [...(code === undefined ? [] : [`\`${code}\``]), ...pieces])
    expect(texts.length).toBeGreaterThan(10)
    expect(texts.filter((text) => !hasText(bundles.development, text))).toEqual([])
    expect(bundles.development).toContain(hint)
  })

  test('for production has the codes and texts of the errors that can be thrown there', () => {
    const kept = inBrowsers.filter(isInProduction)
    expect([...new Set(kept.map(({ file, code }) => `${file}: ${code}`))].sort()).toEqual(IN_PRODUCTION)
    const texts = kept.flatMap(({ code, pieces }) => [`\`${code}\``, ...pieces])
    expect(texts.filter((text) => !hasText(bundles.production, text))).toEqual([])
  })

  test('for production has no text for developers, and no code of theirs', () => {
    const keptCodes = new Set(inBrowsers.filter(isInProduction).map(({ code }) => code))
    const codes = forDevelopers.flatMap(({ code }) =>
      code === undefined || keptCodes.has(code) ? [] : [`\`${code}\``],
    )
    const texts = forDevelopers.flatMap(({ pieces }) => pieces)
    expect([codes.length > 0, texts.length > 0]).toEqual([true, true])
    expect([...codes, ...texts, hint].filter((text) => hasText(bundles.production, text))).toEqual([])
    expect(bundles.production).not.toMatch(/console\.(warn|error)/)
  })
})

/** A text in backquotes is a whole string, whatever the quotes around it are. */
function hasText(code: string, text: string): boolean {
  if (!text.startsWith('`')) return code.includes(text)
  return new RegExp(text.replaceAll('`', '["\'`]')).test(code)
}

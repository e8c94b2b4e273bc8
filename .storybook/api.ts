/**
 * Reads the public API from the types and docstrings of the library. Used for the tables of the documentation, and by the
 * test that every public export has a docstring.
 */
import { fileURLToPath } from 'node:url'
import ts from 'typescript'

/** A parameter, an option, a prop, or a property of the result. */
export interface ApiRow {
  readonly group: 'Parameters' | 'Props' | 'Options' | 'Properties' | 'Result'
  readonly name: string
  readonly type: string
  readonly required: boolean
  readonly default: string | undefined
  readonly description: string
}

export interface ApiEntry {
  readonly name: string
  readonly description: string
  readonly rows: readonly ApiRow[]
}

const root = fileURLToPath(new URL('..', import.meta.url))
const src = `${root}src/`

/** One program for all entry points: most of its time goes into the types of Node and React. */
let compiled: ts.Program | undefined

function compile(): ts.Program {
  if (compiled) return compiled
  const { config } = ts.readConfigFile(`${root}tsconfig.json`, ts.sys.readFile) as { config: object }
  const { options } = ts.parseJsonConfigFileContent({ ...config, include: [], files: [] }, ts.sys, root)
  const entries = ts.sys.readDirectory(src, ['.ts'], undefined, ['index.ts', '*/index.ts', 'transports/*/index.ts'])
  compiled = ts.createProgram(entries, options)
  return compiled
}

/** Reads all exports of an entry point. */
export function readApi(entry = 'index.ts'): ApiEntry[] {
  const program = compile()
  const checker = program.getTypeChecker()

  const describe = (symbol: ts.Symbol) => ts.displayPartsToString(symbol.getDocumentationComment(checker))
  const tag = (symbol: ts.Symbol, name: string) =>
    ts.displayPartsToString(symbol.getJsDocTags(checker).find((tag) => tag.name === name)?.text) || undefined
  const write = (type: ts.Type) => checker.typeToString(type, undefined, ts.TypeFormatFlags.NoTruncation)
  /** As the source writes it, where it does: `ReactNode`, not the types of which it consists. `required` says if it is optional. */
  const typeOf = (symbol: ts.Symbol) => {
    const [declaration] = symbol.declarations ?? []
    const text = !declaration
      ? undefined
      : ts.isMethodSignature(declaration)
        ? `(${declaration.parameters.map((parameter) => parameter.getText()).join(', ')}) => ${declaration.type?.getText() ?? 'void'}`
        : ts.isPropertySignature(declaration) || ts.isParameter(declaration)
          ? declaration.type?.getText()
          : undefined
    return (text ?? write(checker.getTypeOfSymbol(symbol)))
      .replace(/ \| undefined$/, '')
      .replace(/^\((.+ => [^()]+)\)$/, '$1')
      .replace(/\s+/g, ' ')
  }

  /** The properties of all members of a union, if this library declares them. Those of type `never` are left out. */
  const properties = (type: ts.Type): ts.Symbol[] => {
    const alternatives = type.isUnion() ? type.types : [type]
    const all = alternatives
      .flatMap((alternative) => checker.getPropertiesOfType(alternative))
      .filter(({ declarations: [first] = [] }) => first?.getSourceFile().fileName.startsWith(src))
      .filter((symbol) => typeOf(symbol) !== 'never')
    return [...new Map(all.map((symbol) => [symbol.name, symbol])).values()]
  }

  const row = (symbol: ts.Symbol, group: ApiRow['group'], description = describe(symbol)): ApiRow => ({
    group,
    name: symbol.name,
    type: typeOf(symbol),
    required: !(symbol.flags & ts.SymbolFlags.Optional),
    default: tag(symbol, 'default'),
    description,
  })

  const ofFunction = (symbol: ts.Symbol, { parameters, getReturnType }: ts.Signature): ApiRow[] => {
    const explained = new Map(
      symbol
        .getJsDocTags(checker)
        .filter(({ name }) => name === 'param')
        .map(({ text = [] }) => {
          const [name = '', ...rest] = ts.displayPartsToString(text).split(' ')
          return [name, rest.join(' ').replace(/^\w/, (first) => first.toUpperCase())]
        }),
    )
    // A component has no row for its result: every component returns a ReactNode.
    const isComponent = /^[A-Z]/.test(symbol.name)
    const result = getReturnType()
    const parts = properties(result)
    return [
      ...parameters.flatMap((parameter) => {
        const type = checker.getNonNullableType(checker.getTypeOfSymbol(parameter))
        return ['options', 'props', '__0'].includes(parameter.name)
          ? properties(type).map((property) => row(property, isComponent ? 'Props' : 'Options'))
          : [row(parameter, 'Parameters', explained.get(parameter.name) ?? '')]
      }),
      ...(isComponent
        ? []
        : parts.length
          ? parts.map((part) => row(part, 'Result'))
          : [
              {
                group: 'Result' as const,
                name: 'returns',
                type: write(result),
                required: true,
                default: undefined,
                description: tag(symbol, 'returns') ?? describe(symbol),
              },
            ]),
    ]
  }

  const file = program.getSourceFile(src + entry)
  const module = file && checker.getSymbolAtLocation(file)
  if (!module) throw new Error(`src/${entry} is not a module. Give an entry point.`)
  return checker.getExportsOfModule(module).map((exported) => {
    const symbol = exported.flags & ts.SymbolFlags.Alias ? checker.getAliasedSymbol(exported) : exported
    const isType = symbol.flags & (ts.SymbolFlags.Interface | ts.SymbolFlags.TypeAlias)
    const type = isType ? checker.getDeclaredTypeOfSymbol(symbol) : checker.getTypeOfSymbol(symbol)
    const signature = type.getCallSignatures().at(-1)
    const rows = signature
      ? ofFunction(symbol, { ...signature, getReturnType: () => signature.getReturnType() })
      : properties(type).map((property) => row(property, 'Properties'))
    return { name: exported.name, description: describe(symbol), rows }
  })
}

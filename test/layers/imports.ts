import ts from 'typescript'

export interface Import {
  readonly specifier: string
  /** It leaves nothing in the script. `import { type A }` does: an import for its effects. */
  readonly isTypeOnly: boolean
}

const parse = (path: string, source: string) =>
  ts.createSourceFile(
    path,
    source,
    ts.ScriptTarget.Latest,
    true,
    path.endsWith('x') ? ts.ScriptKind.TSX : ts.ScriptKind.TS,
  )

function* nodesOf(node: ts.Node): Generator<ts.Node> {
  yield node
  for (const child of node.getChildren()) yield* nodesOf(child)
}

/** Everything a file imports, in whatever way. What is not written as a string is `*`. */
export function importsOf(path: string, source: string): Import[] {
  const file = parse(path, source)
  const found: Import[] = []
  const add = (node: ts.Node | undefined, isTypeOnly: boolean) => {
    found.push({ specifier: node && ts.isStringLiteralLike(node) ? node.text : '*', isTypeOnly })
  }
  for (const { fileName } of [...file.referencedFiles, ...file.typeReferenceDirectives]) {
    found.push({ specifier: fileName, isTypeOnly: true })
  }
  for (const node of nodesOf(file)) {
    if (ts.isImportDeclaration(node)) {
      add(node.moduleSpecifier, node.importClause?.phaseModifier === ts.SyntaxKind.TypeKeyword)
    } else if (ts.isExportDeclaration(node) && node.moduleSpecifier) {
      add(node.moduleSpecifier, node.isTypeOnly)
    } else if (ts.isExternalModuleReference(node)) {
      add(node.expression, false)
    } else if (ts.isImportTypeNode(node)) {
      add(ts.isLiteralTypeNode(node.argument) ? node.argument.literal : undefined, true)
    } else if (ts.isModuleDeclaration(node) && ts.isStringLiteral(node.name)) {
      add(node.name, true)
    } else if (ts.isCallExpression(node)) {
      const { expression } = node
      const isImport = expression.kind === ts.SyntaxKind.ImportKeyword
      const isRequire = ts.isIdentifier(expression) && expression.text === 'require'
      if (isImport || isRequire) add(node.arguments[0], false)
    }
  }
  return found
}

/** Every name a file uses that is no property of something else. */
export function namesIn(path: string, source: string): Set<string> {
  const names = new Set<string>()
  for (const node of nodesOf(parse(path, source))) {
    if (!ts.isIdentifier(node)) continue
    const { parent } = node
    const isMember =
      (ts.isPropertyAccessExpression(parent) && parent.name === node) ||
      ((ts.isPropertySignature(parent) || ts.isPropertyAssignment(parent)) && parent.name === node)
    if (!isMember) names.add(node.text)
  }
  return names
}

/** What a file calls, by the last part of the name: `React.useState()` calls `useState`. */
export function callsIn(path: string, source: string): Set<string> {
  const calls = new Set<string>()
  for (const node of nodesOf(parse(path, source))) {
    if (!ts.isCallExpression(node)) continue
    const { expression } = node
    if (ts.isIdentifier(expression)) calls.add(expression.text)
    else if (ts.isPropertyAccessExpression(expression)) calls.add(expression.name.text)
  }
  return calls
}

/** The directives a file begins with: "use client". */
export function directivesOf(path: string, source: string): string[] {
  const directives: string[] = []
  for (const statement of parse(path, source).statements) {
    if (!ts.isExpressionStatement(statement) || !ts.isStringLiteral(statement.expression)) break
    directives.push(statement.expression.text)
  }
  return directives
}

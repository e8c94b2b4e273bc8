/**
 * Rules of this project for oxlint. Each one refuses what its selectors find, as ESLint's `no-restricted-syntax` does, and
 * has a name of its own, so that .oxlintrc.json can turn on several of them in a folder.
 */

/** @param refused the message for each selector. */
const refuse = (refused) => ({
  create: (context) =>
    Object.fromEntries(
      Object.entries(refused).map(([selector, message]) => [selector, (node) => context.report({ node, message })]),
    ),
})

const hasUseClient = ':has(> ExpressionStatement[directive="use client"])'
const callsHook = 'CallExpression:matches([callee.name=/^use($|[A-Z])/], [callee.property.name=/^use($|[A-Z])/])'
const usesContext =
  ':matches(Identifier[name=/Context$/], JSXIdentifier[name=/Context$/]):not(MemberExpression > Identifier.property)'

export default {
  meta: { name: 'project' },
  rules: {
    // What dependency-cruiser cannot follow: see .dependency-cruiser.mjs.
    'static-imports': refuse({
      'ImportExpression, TSImportEqualsDeclaration, TSModuleDeclaration[id.type="Literal"]':
        'Import with `import … from`, so that the rules about imports see it.',
    }),

    // Each error and warning has a code, and docs/errors.md says under it what to do.
    'error-codes': refuse({
      'ThrowStatement NewExpression, ReturnStatement > NewExpression[callee.name=/Error$/]':
        'Make the error with createError of core/errors.ts, which gives it a code.',
      'CallExpression[callee.object.name="console"]:not(:has(> CallExpression[callee.name="withCode"]))':
        'Give the text a code: withCode of core/errors.ts.',
    }),

    // A server component may render what has no "use client": each file says it that needs it, and no other.
    'use-client': refuse({
      [`Program:not(${hasUseClient}) :matches(${callsHook}, ${usesContext})`]:
        "A file that calls a hook or uses a context begins with 'use client'.",
      [`Program${hasUseClient}:not(:has(${callsHook}, ${usesContext}))`]:
        "This file calls no hook and uses no context: remove 'use client'.",
    }),

    // TypeScript compares the flags of a regular expression with the target, and not this. Safari has it since 16.4.
    'no-lookbehind': refuse({
      'Literal[regex.pattern=/\\(\\?<[=!]/]': 'Older browsers do not have it.',
    }),
  },
}

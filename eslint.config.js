import { existsSync } from 'node:fs'
import js from '@eslint/js'
import reactHooks from 'eslint-plugin-react-hooks'
import storybook from 'eslint-plugin-storybook'
import { defineConfig, globalIgnores } from 'eslint/config'
import tseslint from 'typescript-eslint'

/** What dependency-cruiser cannot follow: see .dependency-cruiser.mjs. */
const staticImportsOnly = [
  {
    selector: 'ImportExpression, TSImportEqualsDeclaration, TSModuleDeclaration[id.type="Literal"]',
    message: 'Import with `import … from`, so that the rules about imports see it.',
  },
]

/** Each error and warning has a code, and docs/errors.md says under it what to do. */
const codesOnly = [
  {
    selector: 'ThrowStatement NewExpression, ReturnStatement > NewExpression[callee.name=/Error$/]',
    message: 'Make the error with createError of core/errors.ts, which gives it a code.',
  },
  {
    selector: 'CallExpression[callee.object.name="console"]:not(:has(> CallExpression[callee.name="withCode"]))',
    message: 'Give the text a code: withCode of core/errors.ts.',
  },
]

const hasUseClient = ':has(> ExpressionStatement[directive="use client"])'
const callsHook = 'CallExpression:matches([callee.name=/^use($|[A-Z])/], [callee.property.name=/^use($|[A-Z])/])'
const usesContext =
  ':matches(Identifier[name=/Context$/], JSXIdentifier[name=/Context$/]):not(MemberExpression > Identifier.property)'

/** A server component may render what has no "use client": each file says it that needs it, and no other. */
const useClientWhereNeeded = [
  {
    selector: `Program:not(${hasUseClient}) :matches(${callsHook}, ${usesContext})`,
    message: "A file that calls a hook or uses a context begins with 'use client'.",
  },
  {
    selector: `Program${hasUseClient}:not(:has(${callsHook}, ${usesContext}))`,
    message: "This file calls no hook and uses no context: remove 'use client'.",
  },
]

/** What runs in browsers and phones. tsconfig.client.json refuses what the language itself has got since ES2020. */
const client = ['src/index.ts', 'src/{core,react,react-native,transports,locales}/**']

const newerThanSomeEngine = 'Older browsers or React Native do not have it.'

const globalsOfNewerEngines = ['Intl', 'TextEncoder', 'TextDecoder', 'structuredClone', 'reportError'].map((name) => ({
  name,
  message: newerThanSomeEngine,
}))

const propertiesOfNewerEngines = [
  { object: 'AbortSignal', property: 'any' },
  { object: 'AbortSignal', property: 'timeout' },
  { object: 'crypto', property: 'randomUUID' },
].map((place) => ({ ...place, message: newerThanSomeEngine }))

/** TypeScript compares the flags of a regular expression with the target, and not this. Safari has it since 16.4. */
const noLookbehind = [{ selector: 'Literal[regex.pattern=/\\(\\?<[=!]/]', message: newerThanSomeEngine }]

export default defineConfig(
  globalIgnores([
    '**/node_modules',
    '**/dist',
    'coverage',
    'storybook-static',
    // What `npm run site` makes.
    'site-dist',
    'site/.pages',
    // Compiled against the packed package (scripts/check-package.mjs, test/e2e/start-example.ts), against dist/
    // (test/servers/nest.test.ts), or with other globals (tsconfig.core.json, tsconfig.client.json).
    'test/package',
    'examples/{assistant,chat,nest,next}',
    // Projects with packages of their own (scripts/compat.mjs).
    'test/compat/*/**',
    'test/types/platform.d.ts',
    'test/types/process.d.ts',
    // Without the libraries they use nothing can be said about their types: `node scripts/setup.mjs --composers`.
    ...(existsSync(new URL('./examples/composers/node_modules', import.meta.url)) ? [] : ['examples/composers']),
    // The same for React Native: `node scripts/setup.mjs --react-native`. The example belongs to test/react-native/tsconfig.json.
    'examples/react-native',
    ...(existsSync(new URL('./test/react-native/node_modules', import.meta.url)) ? [] : ['{src,test}/react-native']),
  ]),
  js.configs.recommended,
  tseslint.configs.strictTypeChecked,
  tseslint.configs.stylisticTypeChecked,
  reactHooks.configs.flat['recommended-latest'],
  storybook.configs['flat/recommended'],
  { linterOptions: { reportUnusedDisableDirectives: 'error' } },
  {
    files: ['**/*.{ts,tsx,mts}'],
    languageOptions: { parserOptions: { projectService: true, tsconfigRootDir: import.meta.dirname } },
    rules: {
      // Interfaces for what is implemented, types for unions and data: the author chooses.
      '@typescript-eslint/consistent-type-definitions': 'off',
      '@typescript-eslint/consistent-type-imports': 'error',
      // `import { type A } from 'a'` still loads the package.
      '@typescript-eslint/no-import-type-side-effects': 'error',
      // Closures only: nothing here has a `this` to lose.
      '@typescript-eslint/unbound-method': 'off',
      '@typescript-eslint/no-empty-function': 'off',
      // Empty here, filled by an app: what looks redundant is not, once it is.
      '@typescript-eslint/no-redundant-type-constituents': 'off',
      // `||` means "or empty" with primitives.
      '@typescript-eslint/prefer-nullish-coalescing': [
        'error',
        { ignorePrimitives: { string: true, number: true, boolean: true } },
      ],
      '@typescript-eslint/no-misused-spread': ['error', { allow: ['string'] }],
      // `() => timers.delete(id)` for a callback whose result nobody reads.
      '@typescript-eslint/no-confusing-void-expression': 'off',
      // There to be augmented by an app.
      '@typescript-eslint/no-empty-object-type': ['error', { allowWithName: '^OnlineMessageCommands$' }],
      '@typescript-eslint/no-unused-vars': ['error', { argsIgnorePattern: '^_', ignoreRestSiblings: true }],
      '@typescript-eslint/restrict-template-expressions': ['error', { allowNumber: true }],
      // `void` as "an answer or none": a callback's return type.
      '@typescript-eslint/no-invalid-void-type': [
        'error',
        { allowAsThisParameter: true, allowInGenericTypeArguments: true },
      ],
    },
  },
  {
    files: ['src/**'],
    rules: { 'no-restricted-syntax': ['error', ...staticImportsOnly, ...codesOnly] },
  },
  {
    // What it throws is the report of a failed test.
    files: ['src/testing/**'],
    rules: { 'no-restricted-syntax': ['error', ...staticImportsOnly] },
  },
  {
    files: client,
    rules: {
      'no-restricted-globals': ['error', ...globalsOfNewerEngines],
      'no-restricted-properties': ['error', ...propertiesOfNewerEngines],
      'no-restricted-syntax': ['error', ...staticImportsOnly, ...codesOnly, ...noLookbehind],
    },
  },
  {
    files: ['src/react/**', 'src/react-native/**'],
    rules: {
      'no-restricted-syntax': ['error', ...staticImportsOnly, ...codesOnly, ...noLookbehind, ...useClientWhereNeeded],
    },
  },
  {
    // The core runs where there is no page, too: page-lifecycle.ts alone asks for one. shared-by-copies.ts needs no page.
    files: ['src/core/**'],
    ignores: ['src/core/**/page-lifecycle.ts', 'src/core/shared-by-copies.ts'],
    rules: {
      'no-restricted-globals': [
        'error',
        ...globalsOfNewerEngines,
        ...['document', 'window', 'navigator', 'location', 'globalThis', 'addEventListener'].map((name) => ({
          name,
          message: 'Only page-lifecycle.ts of the core may use what a page has.',
        })),
      ],
    },
  },
  {
    // Tests hand in what a caller must not, and say what they know.
    files: ['test/**', 'stories/**', 'bench/**', 'examples/**', 'protocol/**'],
    rules: {
      '@typescript-eslint/no-non-null-assertion': 'off',
      '@typescript-eslint/require-await': 'off',
    },
  },
  {
    // The configuration of Jest, Babel and Metro is CommonJS.
    files: ['test/react-native/*.config.js'],
    languageOptions: { globals: { module: 'readonly', require: 'readonly', __dirname: 'readonly' } },
    rules: { '@typescript-eslint/no-require-imports': 'off' },
  },
  {
    files: ['**/*.{js,mjs}'],
    extends: [tseslint.configs.disableTypeChecked],
    languageOptions: {
      globals: Object.fromEntries(
        [
          'process',
          'console',
          'URL',
          'URLSearchParams',
          'AbortController',
          'AbortSignal',
          'fetch',
          'WebSocket',
          'TextEncoder',
          'performance',
          'queueMicrotask',
          'setTimeout',
          'clearTimeout',
          'setInterval',
          'clearInterval',
        ].map((name) => [name, 'readonly']),
      ),
    },
  },
)

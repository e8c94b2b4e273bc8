/**
 * What size-limit weighs in dist/: the script that an app gets which imports these names, minified and with gzip.
 * React and the packages that the app hands in (peer dependencies) are left out, zustand counts.
 *
 * A ceiling has room for clear code. `npm run size` also prints how far each figure has moved. Where a ceiling is above its
 * budget, docs/decisions/0033-guarantees-may-weigh-more-than-their-budgets.md says what the bytes are for.
 */
import { readFileSync } from 'node:fs'

const { exports } = JSON.parse(readFileSync(new URL('package.json', import.meta.url), 'utf8'))
const fileOf = (entryPoint) => exports[entryPoint].import.replace('./', '')

const hooks = [
  'createOnlineMessageClient',
  'OnlineMessageProvider',
  'useOnlineMessage',
  'useTypingIndicator',
  'useTypists',
  'useTypingInput',
  'useConnection',
  'useOnlineMessageClient',
]

const namesOf = async (entryPoint) => Object.keys(await import(new URL(fileOf(entryPoint), import.meta.url)))
const importOf = (names) => `{ ${names.join(', ')} }`

const check = (name, imports, limit) => ({
  name,
  path: Object.keys(imports),
  import: imports,
  gzip: true,
  limit,
  // As apps are built: with `import` of React and not a `require` that weighs 180 bytes, and with letters, not \u0430.
  modifyEsbuildConfig: (config) => ({ ...config, format: 'esm', target: 'es2022', charset: 'utf8' }),
})

const locales = await namesOf('./locales')

export default [
  check(
    'everything of . with ./socket.io',
    { [fileOf('.')]: importOf(await namesOf('.')), [fileOf('./socket.io')]: '{ createSocketTransport }' },
    '11.32 kB',
  ),
  check('hooks', { [fileOf('.')]: importOf(hooks) }, '5.24 kB'),
  // These two have no limit of their own: scripts/size.mjs judges what they add to the hooks.
  check('hooks and badge', { [fileOf('.')]: importOf([...hooks, 'TypingBadge']) }),
  { name: 'style sheet', path: exports['./styles.css'].default, gzip: true, disablePlugins: ['@size-limit/esbuild'] },
  check('./core', { [fileOf('./core')]: importOf(await namesOf('./core')) }, '3.9 kB'),
  ...locales.map((locale) => check(`locale ${locale}`, { [fileOf('./locales')]: importOf([locale]) }, '0.45 kB')),
]

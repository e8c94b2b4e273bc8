/**
 * `npm run size`: how much of an app's bundle the library is. What package.json allows is judged by size-limit; here is
 * made what it weighs: for each budget an app that imports the names from dist/, built by Vite as its users build theirs,
 * minified, in one file, with React and Socket.IO left outside.
 */
import { spawnSync } from 'node:child_process'
import { copyFileSync, existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { gzipSync } from 'node:zlib'
import { build } from 'vite'

const root = fileURLToPath(new URL('..', import.meta.url))
if (!existsSync(`${root}dist/index.js`)) {
  console.error('size: there is no dist/ to weigh. Build it first: npm run build')
  process.exit(1)
}
const outDir = `${root}node_modules/.cache/react-online-message/size`

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

const locales = Object.keys(await import('../dist/locales/index.js'))
const fileOf = (locale) => `locale-${locale}`

/** What is imported from where, by the name of the file that package.json judges. */
const apps = {
  everything: {
    'index.js': Object.keys(await import('../dist/index.js')),
    'transports/socket-io.js': ['createSocketTransport'],
  },
  hooks: { 'index.js': hooks },
  'hooks-and-badge': { 'index.js': [...hooks, 'TypingBadge'] },
  core: { 'core/index.js': Object.keys(await import('../dist/core/index.js')) },
  ...Object.fromEntries(locales.map((locale) => [fileOf(locale), { 'locales/index.js': [locale] }])),
}

for (const [name, imports] of Object.entries(apps)) {
  const entry = `${root}${name}.app.js`
  const code = [
    ...Object.entries(imports).map(([file, names]) => `import { ${names.join(', ')} } from './dist/${file}'`),
    // Whatever is used stays; and where it was, if it is used twice.
    `console.log(${[...Object.values(imports), ...Object.values(imports)].flat().join(', ')})`,
  ].join('\n')
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    plugins: [
      {
        name: 'app',
        resolveId: (id) => (id === entry ? id : undefined),
        load: (id) => (id === entry ? code : undefined),
      },
    ],
    build: {
      outDir,
      emptyOutDir: false,
      modulePreload: false,
      rolldownOptions: {
        input: entry,
        external: [/^react(-dom)?($|\/)/, /^socket\.io-client($|\/)/],
        output: { entryFileNames: `${name}.js`, codeSplitting: false },
      },
    },
  })
}

// The app's own line is the last one. What is weighed is the library.
for (const name of Object.keys(apps)) {
  const file = `${outDir}/${name}.js`
  writeFileSync(file, readFileSync(file, 'utf8').replace(/console\.log\([^)]*\);?\s*$/, ''))
}

const weigh = (file) => gzipSync(readFileSync(file), { level: 9 }).length

// What an app with the hooks pays for the badge is a difference, and no file: one as long as that is judged.
const badge = weigh(`${outDir}/hooks-and-badge.js`) - weigh(`${outDir}/hooks.js`)
const sheet = weigh(`${root}dist/styles.css`)
console.log(`the badge on top of hooks: ${badge} B of script, ${sheet} B of style sheet`)
writeFileSync(`${outDir}/badge-on-top`, '.'.repeat(badge + sheet))

// All locales have one limit: the heaviest is judged for them.
const weights = locales.map((locale) => [locale, weigh(`${outDir}/${fileOf(locale)}.js`)]).sort(([, a], [, b]) => b - a)
console.log(`./locales, each alone: ${weights.map(([locale, bytes]) => `${locale} ${bytes} B`).join(', ')}`)
copyFileSync(`${outDir}/${fileOf(weights[0][0])}.js`, `${outDir}/heaviest-locale.js`)

const { status } = spawnSync(process.execPath, ['node_modules/size-limit/bin.js'], { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)

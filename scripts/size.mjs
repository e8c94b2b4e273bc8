/**
 * `npm run size`: how much of an app's bundle the library is. What package.json allows is judged by size-limit; here is
 * made what it weighs: for each budget an app that imports the names from dist/, built by Vite as its users build theirs,
 * minified, in one file, with React and Socket.IO left outside.
 */
import { spawnSync } from 'node:child_process'
import { existsSync, readFileSync, writeFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
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

/** What is imported from where, by the name of the file that package.json judges. */
const apps = {
  everything: {
    'index.js': Object.keys(await import('../dist/index.js')),
    'transports/socket-io.js': ['createSocketTransport'],
  },
  hooks: { 'index.js': hooks },
  core: { 'core/index.js': Object.keys(await import('../dist/core/index.js')) },
}

for (const [name, imports] of Object.entries(apps)) {
  const entry = `${root}${name}.app.js`
  const code = [
    ...Object.entries(imports).map(([file, names]) => `import { ${names.join(', ')} } from './dist/${file}'`),
    // Whatever is used stays.
    `console.log(${Object.values(imports).flat().join(', ')})`,
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

const { status } = spawnSync(process.execPath, ['node_modules/size-limit/bin.js'], { cwd: root, stdio: 'inherit' })
process.exit(status ?? 1)

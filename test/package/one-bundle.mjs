/** A bundle has one copy of the package, although one part of the app imports it and another one requires it. */
import { ok } from 'node:assert'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const outDir = fileURLToPath(new URL('node_modules/.cache/bundle', import.meta.url))
await build({
  configFile: false,
  logLevel: 'error',
  publicDir: false,
  root: fileURLToPath(new URL('bundle', import.meta.url)),
  ssr: { noExternal: true, external: ['react'] },
  build: { ssr: 'app.js', outDir, rolldownOptions: { output: { entryFileNames: 'app.mjs' } } },
})
const { isOneCopy } = await import(`${outDir}/app.mjs`)
ok(isOneCopy, 'two copies')

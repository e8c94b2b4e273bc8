/** A bundler leaves the checks for developers out in production, and they work in a page during development. */
import { doesNotThrow, match, throws, doesNotMatch } from 'node:assert'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const folder = fileURLToPath(new URL('node_modules/.cache/development-checks', import.meta.url))

async function bundle(mode) {
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    define: { 'process.env.NODE_ENV': JSON.stringify(mode) },
    build: {
      outDir: `${folder}/${mode}`,
      minify: true,
      rolldownOptions: {
        input: fileURLToPath(import.meta.resolve('react-online-message/core')),
        preserveEntrySignatures: 'strict',
        output: { entryFileNames: 'core.mjs' },
      },
    },
  })
  const file = `${folder}/${mode}/core.mjs`
  return { code: readFileSync(file, 'utf8'), load: () => import(file) }
}

const development = await bundle('development')
const production = await bundle('production')
match(development.code, /RangeError/)
doesNotMatch(production.code, /RangeError|console\.warn/)

// As in a page.
delete globalThis.process
const makeWrongClient = async ({ load }) => {
  const { createOnlineMessageClient } = await load()
  return () => createOnlineMessageClient({ transport: {}, heartbeatInterval: 1 })
}
throws(await makeWrongClient(development), RangeError)
doesNotThrow(await makeWrongClient(production))

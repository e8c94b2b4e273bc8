/**
 * Bundles a TypeScript program of the tests or benchmarks for Node, which starts it faster than through a dev server:
 * its own modules into one file, packages left outside.
 */
import { rmSync } from 'node:fs'
import { basename } from 'node:path'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

/** @returns the path of the bundle, which is there as long as this process. */
export async function bundle(entry) {
  const name = basename(entry, '.ts')
  const outDir = fileURLToPath(
    new URL(`../node_modules/.cache/react-online-message/${name}-${process.pid}`, import.meta.url),
  )
  process.once('exit', () => rmSync(outDir, { recursive: true, force: true }))
  await build({
    configFile: false,
    logLevel: 'error',
    publicDir: false,
    build: {
      ssr: entry,
      outDir,
      target: 'node20',
      minify: false,
      emptyOutDir: true,
      rolldownOptions: { output: { entryFileNames: '[name].mjs', format: 'es' } },
    },
  })
  return `${outDir}/${name}.mjs`
}

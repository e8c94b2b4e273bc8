/**
 * Builds one of the apps, whose server can then be started as often as you like. The version `after` is `before` with the
 * files of after/ in the place of theirs. `react-online-message` is the sources of this repository.
 */
import { existsSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join, relative, resolve } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { build, createServer } from 'vite'

const here = dirname(fileURLToPath(import.meta.url))
const source = (path) => join(here, '../../src', path)

const alias = [
  { find: 'react-online-message/styles.css', replacement: source('react/badge/styles.css') },
  { find: 'react-online-message/socket.io', replacement: source('transports/socket-io/index.ts') },
  { find: 'react-online-message/server', replacement: source('server/index.ts') },
  { find: /^react-online-message$/, replacement: source('index.ts') },
]

/** Resolves a relative import to the file of after/ if there is one, else to that of before/. */
function changedFiles(kind) {
  const before = join(here, kind, 'before')
  const after = join(here, kind, 'after')
  return {
    name: 'changed-files',
    enforce: 'pre',
    resolveId(path, importer) {
      if (!path.startsWith('.') || importer === undefined) return null
      const folder = [before, after].find((each) => importer.startsWith(each))
      if (folder === undefined) return null
      const file = relative(folder, resolve(dirname(importer), path))
      return [join(after, file), join(before, file)].find((each) => existsSync(each)) ?? null
    },
  }
}

/**
 * @param kind `tutorial` or `mern`
 * @param version `before` or `after`
 */
export async function buildApp({ kind, version }) {
  if (!existsSync(join(here, 'node_modules'))) {
    throw new Error('The packages of the apps are missing. Run: node scripts/setup.mjs --adoption')
  }
  const changed = version === 'after' ? [changedFiles(kind)] : []
  const shared = { configFile: false, logLevel: 'error', resolve: { alias } }

  const publicFolder = mkdtempSync(join(tmpdir(), `${kind}-${version}-`))
  await build({
    ...shared,
    root: join(here, kind, 'before/client'),
    plugins: [...changed, react()],
    build: { outDir: publicFolder, emptyOutDir: true },
  })

  // Vite runs the server as well: Node itself knows neither TypeScript nor which files have changed.
  const vite = await createServer({
    ...shared,
    root: join(here, kind),
    appType: 'custom',
    plugins: changed,
    optimizeDeps: { noDiscovery: true },
    server: { middlewareMode: true, ws: false, watch: null },
  })
  const folderOfServer = existsSync(join(here, kind, version, 'server/index.js')) ? version : 'before'
  const { startServer } = await vite.ssrLoadModule(`/${folderOfServer}/server/index.js`)
  return {
    /** @param port 0 for any that is free */
    startServer: (port) => startServer({ port, publicFolder }),
    async close() {
      await vite.close()
      rmSync(publicFolder, { recursive: true })
    },
  }
}

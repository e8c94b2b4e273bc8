import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { createServer, type Plugin } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { freePort } from './dev-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const sources = join(root, 'src')
/** A file (one that exists) beside which `node scripts/check-package.mjs` has installed the tarball. */
const besidePacked = join(root, 'test/package/package.json')
const packed = join(root, 'test/package/node_modules/react-online-message')

const cleanups: (() => unknown)[] = []
afterAll(async () => {
  for (const cleanUp of cleanups.reverse()) await cleanUp()
})

/** What the page and the server import, under the names of the package's entry points, with the files that they get. */
const imported = new Map<string, string | undefined>()

/** The example imports the library's sources. Here it gets the packed package instead, by the names that a reader writes. */
const packedLibrary: Plugin = {
  name: 'packed-library',
  enforce: 'pre',
  async resolveId(source, importer) {
    const resolved = await this.resolve(source, importer, { skipSelf: true })
    const [path = ''] = resolved?.id.split('?') ?? []
    if (!path.startsWith(sources)) return resolved
    const name = nameOf(path.slice(sources.length))
    const inPackage = await this.resolve(name, besidePacked, { skipSelf: true })
    imported.set(name, inPackage?.id)
    return inPackage
  },
}

/** @param path as `/server/index.ts` */
function nameOf(path: string): string {
  if (path.endsWith('/styles.css')) return 'react-online-message/styles.css'
  const entryPoint = path.replace('/transports', '').replace('/socket-io', '/socket.io').replace('/index.ts', '')
  return `react-online-message${entryPoint}`
}

test('examples/two-people runs with the packed package, on the page and on the server', async () => {
  expect(existsSync(packed), 'Run `npm run build` and `node scripts/check-package.mjs` first.').toBe(true)
  const server = await createServer({
    configFile: join(root, 'examples/two-people/vite.config.ts'),
    // Vite bundles what it finds in node_modules and keeps that. Here it would keep the packed package of an earlier run.
    cacheDir: join(root, 'node_modules/.cache/react-online-message/two-people-packed'),
    optimizeDeps: { force: true, exclude: ['react-online-message'] },
    plugins: [packedLibrary],
    server: { host: '127.0.0.1', port: await freePort(), fs: { allow: [root] } },
    logLevel: 'error',
  })
  await server.listen()
  cleanups.push(() => server.close())
  const browser = await chromium.launch(await browserLaunchOptions())
  cleanups.push(() => browser.close())

  const page = await browser.newPage()
  const problems: string[] = []
  page.on('pageerror', (error) => problems.push(String(error)))
  await page.goto(`http://localhost:${server.config.server.port}/`)
  const [ann, bob] = ['Ann', 'Bob'].map((name) => page.getByRole('region', { name, exact: true }))
  if (!ann || !bob) throw new Error('two people are two regions')
  for (const person of [ann, bob]) await person.getByText('Online', { exact: true }).waitFor({ timeout: 20_000 })
  await ann.getByRole('textbox', { name: 'Message' }).pressSequentially('hi')
  await bob.locator('[data-typing-badge][data-state=typing]').waitFor({ timeout: 1000 })
  expect(problems).toEqual([])

  // The sheet, the hooks, the client, the transport and the server: each comes from the package.
  expect(imported.size).toBeGreaterThanOrEqual(5)
  expect([...imported].filter(([, file]) => !file?.startsWith(packed))).toEqual([])
})

import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { chromium } from 'playwright'
import { createServer } from 'vite'
import { afterAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { packed, usePackedLibrary } from '../support/packed-library.ts'
import { freePort } from '../support/free-port.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
const cleanups: (() => unknown)[] = []
afterAll(async () => {
  for (const cleanUp of cleanups.reverse()) await cleanUp()
})

test('examples/two-people runs with the packed package, on the page and on the server', async () => {
  const library = usePackedLibrary()
  const server = await createServer({
    configFile: join(root, 'examples/two-people/vite.config.ts'),
    // Vite bundles what it finds in node_modules and keeps that. Here it would keep the packed package of an earlier run.
    cacheDir: join(root, 'node_modules/.cache/react-online-message/two-people-packed'),
    optimizeDeps: { force: true, exclude: ['react-online-message'] },
    plugins: [library.plugin],
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
  await bob.locator('[data-typing-badge][data-state=typing]').waitFor({ timeout: 5000 })
  expect(problems).toEqual([])

  // The sheet, the hooks, the client, the transport and the server: each comes from the package.
  expect(library.imported.size).toBeGreaterThanOrEqual(5)
  expect([...library.imported].filter(([, file]) => !file?.startsWith(packed))).toEqual([])
})

import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { cpSync, existsSync, mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { type Browser, chromium } from 'playwright'
import { io } from 'socket.io-client'
import { createServer } from 'vite'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { browserLaunchOptions } from '../../scripts/browser.mjs'
import { readPage } from '../docs/pages.ts'
import { freePort } from './dev-server.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What `node scripts/check-package.mjs` unpacked from the tarball. */
const packed = join(root, 'test/package/node_modules/react-online-message')
/** What a newcomer installs beside it, and its dependencies, which npm installs with it. */
const installed = ['react', 'react-dom', 'socket.io', 'socket.io-client', 'zustand', 'debug', 'ms']

const readme = readPage('README.md')

/** The README's code that begins with a comment naming its file. */
function codeOf(file: string): string {
  const block = readme.blocks.find((candidate) => candidate.file === file)
  if (!block) throw new Error(`The README has no code block that begins with "// ${file}".`)
  return block.code
}

const main = `import { createRoot } from 'react-dom/client'
import { App } from './App.tsx'
createRoot(document.getElementById('root')!).render(<App />)
`
const page =
  '<!doctype html><link rel="icon" href="data:,"><div id="root"></div><script type="module" src="main.tsx"></script>'

let browser: Browser
beforeAll(async () => {
  browser = await chromium.launch(await browserLaunchOptions())
})
const cleanups: (() => unknown)[] = []
afterAll(async () => {
  for (const cleanUp of cleanups.reverse()) await cleanUp()
  await browser.close()
})

/** A folder of its own, with nothing in it but the packages. */
function freshFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'readme-'))
  cleanups.push(() => rmSync(folder, { recursive: true }))
  mkdirSync(join(folder, 'node_modules'))
  for (const name of installed) {
    symlinkSync(join(root, 'node_modules', name), join(folder, 'node_modules', name), 'junction')
  }
  cpSync(packed, join(folder, 'node_modules/react-online-message'), { recursive: true })
  return folder
}

interface AppFiles {
  readonly socket: string
  readonly app: string
}

/** A fresh app with the README's code and the packed package; only the ports are others. */
async function startApp({ socket, app }: AppFiles): Promise<number> {
  const folder = freshFolder()
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'main.tsx'), main)
  writeFileSync(join(folder, 'socket.ts'), socket)
  writeFileSync(join(folder, 'App.tsx'), app)
  const server = await createServer({
    root: folder,
    configFile: false,
    plugins: [react()],
    logLevel: 'error',
    mode: 'development',
    // The packages are links into this repository.
    server: { port: await freePort(), fs: { strict: false } },
  })
  await server.listen()
  cleanups.push(() => server.close())
  return server.config.server.port
}

async function startServer(code: string): Promise<void> {
  const file = join(freshFolder(), 'server.mjs')
  writeFileSync(file, code)
  const server = spawn(process.execPath, [file], { stdio: 'inherit' })
  cleanups.push(() => server.kill())
  await once(server, 'spawn')
}

test('the README’s code, pasted into a fresh app and a fresh server with the packed package, works as written', async () => {
  expect(existsSync(packed), 'Run `npm run build` and `node scripts/check-package.mjs` first.').toBe(true)
  const port = String(await freePort())
  const ann: AppFiles = { socket: codeOf('socket.ts').replaceAll('3000', port), app: codeOf('App.tsx') }
  const bob: AppFiles = {
    socket: ann.socket.replace('token-of-ann', 'token-of-bob'),
    app: ann.app.replace('user="bob"', 'user="ann"'),
  }
  expect(bob.socket).not.toBe(ann.socket)
  expect(bob.app).not.toBe(ann.app)
  const annPort = await startApp(ann)
  const bobPort = await startApp(bob)
  const code = codeOf('server.mjs')
    .replaceAll('3000', port)
    .replace("'http://localhost:5173'", `['http://localhost:${annPort}', 'http://localhost:${bobPort}']`)
  await startServer(code)

  const open = async (at: number) => {
    const tab = await browser.newPage()
    const problems: string[] = []
    tab.on('pageerror', (error) => problems.push(String(error)))
    await tab.goto(`http://localhost:${at}/`)
    return { tab, problems }
  }
  const annsScreen = await open(annPort)
  const bobsScreen = await open(bobPort)
  const badge = bobsScreen.tab.getByText('The other party is typing…').first()
  await expect
    .poll(
      async () => {
        await annsScreen.tab.getByLabel('Message').pressSequentially('hi')
        return badge.isVisible()
      },
      { timeout: 20_000 },
    )
    .toBe(true)
  await annsScreen.tab.getByLabel('Message').fill('')
  await badge.waitFor({ state: 'hidden', timeout: 1000 })
  expect([...annsScreen.problems, ...bobsScreen.problems]).toEqual([])

  // And it is safe as written: who has no token is nobody.
  const stranger = io(`http://localhost:${port}`, { auth: { token: 'token-of-cy' } })
  cleanups.push(() => stranger.disconnect())
  expect(await stranger.emitWithAck('om:hello', 1)).toMatchObject({ ok: false, code: 'forbidden' })
})

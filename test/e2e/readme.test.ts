import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
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
import { installPackedLibrary } from '../support/packed-library.ts'
import { freePort } from '../support/free-port.ts'
import { SOON } from './soon.ts'

const root = fileURLToPath(new URL('../..', import.meta.url))
/** What a newcomer installs beside it, and its dependencies, which npm installs with it. */
const installed = ['react', 'react-dom', 'socket.io', 'socket.io-client', 'zustand', 'debug', 'ms']

const readme = readPage('README.md')

/** The README's code that begins with a comment naming its file. */
function codeOf(file: string): string {
  const block = readme.blocks.find((candidate) => candidate.file === file)
  if (!block) throw new Error(`The README has no code block that begins with "// ${file}".`)
  return block.code
}

/** These two as in the template `react-ts` of create-vite, without its style sheet and its pictures. */
const main = `import { StrictMode } from 'react'
import { createRoot } from 'react-dom/client'
import App from './App.tsx'
createRoot(document.getElementById('root')!).render(
  <StrictMode>
    <App />
  </StrictMode>,
)
`
const page = `<!doctype html><link rel="icon" href="data:,">
<div id="root"></div><script type="module" src="/src/main.tsx"></script>`

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
  installPackedLibrary(folder)
  return folder
}

/** A fresh app with the README's code and the packed package. Only the port of the server is another. */
async function startApp(serverPort: string): Promise<number> {
  const folder = freshFolder()
  mkdirSync(join(folder, 'src'))
  writeFileSync(join(folder, 'index.html'), page)
  writeFileSync(join(folder, 'src/main.tsx'), main)
  writeFileSync(join(folder, 'src/socket.ts'), codeOf('src/socket.ts').replaceAll('3000', serverPort))
  writeFileSync(join(folder, 'src/App.tsx'), codeOf('src/App.tsx'))
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
  const port = String(await freePort())
  const appPort = await startApp(port)
  const code = codeOf('server.mjs')
    .replaceAll('3000', port)
    .replace('http://localhost:5173', `http://localhost:${appPort}`)
  await startServer(code)

  const addresses = readme.text.match(/http:\/\/localhost:5173\/\?me=\w+/g) ?? []
  const [annsScreen, bobsScreen] = await Promise.all(
    addresses.map(async (address) => {
      const tab = await browser.newPage()
      const problems: string[] = []
      tab.on('pageerror', (error) => problems.push(String(error)))
      await tab.goto(address.replace('5173', String(appPort)))
      return { tab, problems }
    }),
  )
  if (!annsScreen || !bobsScreen) throw new Error('The README names no two addresses to open.')
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
  await badge.waitFor({ state: 'hidden', timeout: SOON })
  expect([...annsScreen.problems, ...bobsScreen.problems]).toEqual([])

  // And it is safe as written: who has no token is nobody.
  const stranger = io(`http://localhost:${port}`, { auth: { token: 'token-of-cy' } })
  cleanups.push(() => stranger.disconnect())
  expect(await stranger.emitWithAck('om:hello', 1)).toMatchObject({ ok: false, code: 'forbidden' })
})

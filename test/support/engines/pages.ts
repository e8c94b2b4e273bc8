import { once } from 'node:events'
import type { Server as HttpServer } from 'node:http'
import type { Socket } from 'node:net'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import react from '@vitejs/plugin-react'
import { Server } from 'socket.io'
import { build, type Plugin, preview } from 'vite'
import { serveChat } from '../../../examples/two-people/server.ts'
import { freePort } from '../free-port.ts'

const root = fileURLToPath(new URL('../../..', import.meta.url))
const cache = `${root}node_modules/.cache/react-online-message`
const outDir = `${cache}/engine-pages`

/** Where the pictures of this run are, to be looked at. */
export const pictures: string = join(cache, 'engine-pictures')

const TWO_PEOPLE = 'examples/two-people/index.html'
const TAB = 'test/e2e/tabs/index.html'
const FIELD = 'test/engines/pages/field.html'
const BADGES = 'test/engines/pages/badges.html'

/** Where a page notes its complaints, for as long as its window is open. */
export const COMPLAINTS = 'complaints'

/** Runs in each page before everything else, and notes what an attentive developer would see in the console. */
const watchConsole = `
  const note = (...words) => {
    const noted = JSON.parse(sessionStorage.getItem('${COMPLAINTS}') ?? '[]')
    sessionStorage.setItem('${COMPLAINTS}', JSON.stringify([...noted, words.map(String).join(' ')]))
  }
  for (const level of ['error', 'warn']) {
    const write = console[level]
    console[level] = (...words) => {
      note(level, ...words)
      write(...words)
    }
  }
  addEventListener('error', (event) => note('error', event.message), true)
  addEventListener('unhandledrejection', (event) => note('rejection', event.reason))
`

const consoleWatcher: Plugin = {
  name: 'console-watcher',
  transformIndexHtml: () => [{ tag: 'script', children: watchConsole, injectTo: 'head-prepend' }],
}

/** Builds all pages once. A dev server would keep a connection to each page, and so keep it out of the back/forward cache. */
export async function buildPages(): Promise<void> {
  await build({
    root,
    configFile: false,
    logLevel: 'error',
    plugins: [react(), consoleWatcher],
    define: { 'import.meta.env.LIVE': 'true' },
    build: {
      outDir,
      emptyOutDir: true,
      rolldownOptions: { input: [TWO_PEOPLE, TAB, FIELD, BADGES].map((p) => root + p) },
    },
  })
}

export interface Pages {
  readonly twoPeople: string
  readonly tab: string
  readonly field: string
  readonly badges: string
  /** Cuts all connections, and refuses new ones until the function that it returns is called. */
  cutNetwork(): () => void
  close(): Promise<void>
}

/** Serves the pages that `buildPages` has built, and the chat of the two people, on an address of their own. */
export async function servePages(): Promise<Pages> {
  const server = await preview({
    root,
    configFile: false,
    logLevel: 'error',
    build: { outDir },
    preview: { port: await freePort(), host: '127.0.0.1' },
  })
  const http = server.httpServer as HttpServer
  const connections = new Set<Socket>()
  let isCut = false
  http.on('connection', (connection: Socket) => {
    if (isCut) connection.destroy()
    connections.add(connection)
    connection.once('close', () => connections.delete(connection))
  })
  const io = new Server(http, { serveClient: false })
  const stopChat = serveChat(io)
  const [address] = server.resolvedUrls!.local as [string]
  return {
    twoPeople: `${address}${TWO_PEOPLE}`,
    tab: `${address}${TAB}`,
    field: `${address}${FIELD}`,
    badges: `${address}${BADGES}`,
    cutNetwork() {
      isCut = true
      for (const connection of connections) connection.destroy()
      return () => {
        isCut = false
      }
    },
    async close() {
      stopChat()
      for (const connection of connections) connection.destroy()
      if (!http.listening) return
      const closed = once(http, 'close')
      await io.close()
      await closed
    },
  }
}

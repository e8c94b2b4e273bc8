/**
 * `npm start`: two people in a chat, on a dev server with a real Socket.IO server beside it. PORT chooses the port; when it
 * is busy, Vite takes the next free one. A browser opens where somebody can look at it; BROWSER=none keeps it closed.
 */
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const wantedPort = Number(process.env.PORT || 5173)
if (!Number.isInteger(wantedPort) || wantedPort < 1 || wantedPort > 65535) {
  console.error(`PORT is ${process.env.PORT}, which is no port. Give a number from 1 to 65535.`)
  process.exit(1)
}

const server = await createServer({
  configFile: fileURLToPath(new URL('../examples/two-people/vite.config.ts', import.meta.url)),
  server: { host: '127.0.0.1', port: wantedPort },
  logLevel: 'warn',
  clearScreen: false,
})
await server.listen()

const { port } = server.httpServer.address()
const url = `http://localhost:${port}/`

if (port !== wantedPort) console.log(`Port ${wantedPort} is busy: this is port ${port}.`)
console.log(`
  Two people typing to each other:   ${url}
  The badge, the hooks, every state: npm run storybook

  Ctrl+C ends it.
`)

const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
if (process.stdout.isTTY && hasScreen && !process.env.CI && process.env.BROWSER !== 'none') {
  server.config.server.open = url
  server.openBrowser()
}

const end = () => server.close().finally(() => process.exit(0))
process.once('SIGINT', end)
process.once('SIGTERM', end)

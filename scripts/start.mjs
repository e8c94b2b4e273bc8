/**
 * `npm start`: two people in a chat, on a dev server with a real Socket.IO server beside it. PORT chooses the port; the
 * next free one is taken when it is busy. Opens a browser where somebody is there to look at it.
 */
import { createServer as createProbe } from 'node:net'
import { fileURLToPath } from 'node:url'
import { createServer } from 'vite'

const wanted = Number(process.env.PORT || 5173)
if (!Number.isInteger(wanted) || wanted < 1 || wanted > 65535) {
  console.error(`PORT is ${process.env.PORT}, which is no port. Give a number from 1 to 65535.`)
  process.exit(1)
}

/** Somebody listening on all addresses, or on the other kind of localhost, would take this page's visitors too. */
const hosts = ['127.0.0.1', '::1', '0.0.0.0', '::']
const isFreeOn = (port, host) =>
  new Promise((resolve) => {
    const probe = createProbe()
    probe.once('error', ({ code }) => resolve(code !== 'EADDRINUSE' && code !== 'EACCES'))
    probe.listen(port, host, () => probe.close(() => resolve(true)))
  })
const isFree = async (port) => {
  for (const host of hosts) if (!(await isFreeOn(port, host))) return false
  return true
}

let port = wanted
while (!(await isFree(port))) {
  if (++port > Math.min(wanted + 100, 65535)) {
    console.error(`No free port from ${wanted} to ${port - 1}. Choose another one: PORT=8080 npm start`)
    process.exit(1)
  }
}

const server = await createServer({
  configFile: fileURLToPath(new URL('../examples/two-people/vite.config.ts', import.meta.url)),
  server: { host: '127.0.0.1', port, strictPort: true },
  logLevel: 'warn',
  clearScreen: false,
})
await server.listen()

if (port !== wanted) console.log(`Port ${wanted} is busy: this is port ${port}.`)
console.log(`
  Two people typing to each other:   http://localhost:${port}/
  The badge, the hooks, every state: npm run storybook

  Ctrl+C ends it.
`)

const hasScreen = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY
if (process.stdout.isTTY && hasScreen && !process.env.CI && process.env.BROWSER !== 'none') {
  server.config.server.open = `http://localhost:${port}/`
  server.openBrowser()
}

const end = () => server.close().finally(() => process.exit(0))
process.once('SIGINT', end)
process.once('SIGTERM', end)

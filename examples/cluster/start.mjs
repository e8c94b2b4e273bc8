/**
 * `npm start`: a Redis of its own, unless REDIS_URL names one, and two nodes. Ctrl+C ends all of it.
 */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const first = Number(process.env.PORT ?? 3001)
const redisPort = first + 100
const url = process.env.REDIS_URL ?? `redis://127.0.0.1:${redisPort}`
const children = []

const end = (code) => {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}

const start = (command, args, env = {}) => {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  child.on('error', ({ message }) => {
    console.error(
      `${command} does not start: ${message}. Install Redis (apt install redis-server, brew install redis).`,
    )
    end(1)
  })
  children.push(child)
}

const answers = () =>
  new Promise((resolve) => {
    const socket = connect(redisPort, '127.0.0.1', () => resolve(true)).on('error', () => resolve(false))
    socket.on('connect', () => socket.destroy())
  })

// The page, for both nodes.
await build({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  build: { rolldownOptions: { output: { entryFileNames: 'client.js' } } },
})

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0))

if (!process.env.REDIS_URL) {
  const options = [
    '--port',
    redisPort,
    '--bind',
    '127.0.0.1',
    '--save',
    '',
    '--appendonly',
    'no',
    '--loglevel',
    'warning',
  ]
  start(process.env.REDIS_SERVER ?? 'redis-server', options.map(String))
  while (process.exitCode === undefined && !(await answers())) await new Promise((resolve) => setTimeout(resolve, 50))
}
if (process.exitCode === undefined) {
  const program = fileURLToPath(new URL('node.mjs', import.meta.url))
  for (const port of [first, first + 1]) start(process.execPath, [program], { PORT: String(port), REDIS_URL: url })
  console.log(`
  Ann, on one node:   http://localhost:${first}/?user=Ann
  Bob, on the other:  http://localhost:${first + 1}/?user=Bob

  Type in one window and look at the other. Ctrl+C ends it.
`)
}

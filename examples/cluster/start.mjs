/** `npm start`: builds the page, starts Redis, unless REDIS_URL names one, and starts two nodes. Ctrl+C ends everything. */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const firstPort = Number(process.env.PORT ?? 3001)
const secondPort = firstPort + 1
const redisPort = firstPort + 100
const redisUrl = process.env.REDIS_URL ?? `redis://127.0.0.1:${redisPort}`

const children = []
const hasEnded = () => process.exitCode !== undefined

function end(code) {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}

function start(command, args, env = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  child.on('error', ({ message }) => {
    console.error(
      `${command} does not start: ${message}. Install Redis (apt install redis-server, brew install redis).`,
    )
    end(1)
  })
  children.push(child)
}

/** Whether Redis accepts connections. */
const isRedisReady = () =>
  new Promise((resolve) => {
    const socket = connect(redisPort, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

/** A Redis that stores nothing on a disk. */
async function startRedis() {
  const command = process.env.REDIS_SERVER ?? 'redis-server'
  const listen = ['--port', String(redisPort), '--bind', '127.0.0.1']
  const noFiles = ['--save', '', '--appendonly', 'no']
  start(command, [...listen, ...noFiles, '--loglevel', 'warning'])
  while (!hasEnded() && !(await isRedisReady())) await sleep(50)
}

function startNodes() {
  const program = fileURLToPath(new URL('node.mjs', import.meta.url))
  for (const port of [firstPort, secondPort]) {
    start(process.execPath, [program], { PORT: String(port), REDIS_URL: redisUrl })
  }
  console.log(`
  Ann, on one node:   http://localhost:${firstPort}/?user=Ann
  Bob, on the other:  http://localhost:${secondPort}/?user=Bob

  Type in one window and watch the other. Ctrl+C ends everything.
`)
}

for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => end(0))

await build({
  root: fileURLToPath(new URL('.', import.meta.url)),
  logLevel: 'warn',
  build: { rolldownOptions: { output: { entryFileNames: 'client.js' } } },
})
if (!process.env.REDIS_URL) await startRedis()
if (!hasEnded()) startNodes()

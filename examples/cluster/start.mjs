/**
 * `npm start` builds the page, starts Redis, unless REDIS_URL names one, and starts two nodes. Ctrl+C ends everything.
 * `npm start -- nats` does the same with NATS and NATS_URL.
 */
import { spawn } from 'node:child_process'
import { connect } from 'node:net'
import { setTimeout as sleep } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { build } from 'vite'

const firstPort = Number(process.env.PORT ?? 3001)
const secondPort = firstPort + 1
const enginePort = firstPort + 100
const listenLocally = ['--port', String(enginePort)]

/** How to start each engine, and what the nodes have to know of it. Neither stores anything. */
const engines = {
  redis: {
    name: 'Redis',
    command: process.env.REDIS_SERVER ?? 'redis-server',
    options: [...listenLocally, '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--loglevel', 'warning'],
    install: 'apt install redis-server, brew install redis',
    variable: 'REDIS_URL',
    url: `redis://127.0.0.1:${enginePort}`,
  },
  nats: {
    name: 'NATS',
    command: process.env.NATS_SERVER ?? 'nats-server',
    options: [...listenLocally, '--addr', '127.0.0.1'],
    install: 'apt install nats-server, brew install nats-server',
    variable: 'NATS_URL',
    url: `127.0.0.1:${enginePort}`,
  },
}

const engine = engines[process.argv[2] ?? 'redis']
if (!engine) {
  console.error(`There is no engine ${process.argv[2]}. Use one of these: ${Object.keys(engines).join(', ')}.`)
  process.exit(1)
}
/** Where an engine runs already. */
const givenUrl = process.env[engine.variable]

const children = []
const hasEnded = () => process.exitCode !== undefined

function end(code) {
  for (const child of children) child.kill('SIGTERM')
  process.exitCode = code
}

function start(command, args, env = {}) {
  const child = spawn(command, args, { stdio: 'inherit', env: { ...process.env, ...env } })
  child.on('error', ({ message }) => {
    console.error(`${command} does not start: ${message}. Install ${engine.name} (${engine.install}).`)
    end(1)
  })
  // It could not go on, and has said why: for example another program has its port. One that is killed has no exit code,
  // and the other node goes on.
  child.on('exit', (exitCode) => {
    if (exitCode && !hasEnded()) end(exitCode)
  })
  children.push(child)
}

/** Whether the engine accepts connections. */
const isEngineReady = () =>
  new Promise((resolve) => {
    const socket = connect(enginePort, '127.0.0.1')
    socket.on('connect', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })

async function startEngine() {
  start(engine.command, engine.options)
  while (!hasEnded() && !(await isEngineReady())) await sleep(50)
}

function startNodes() {
  const program = fileURLToPath(new URL('node.mjs', import.meta.url))
  for (const port of [firstPort, secondPort]) {
    start(process.execPath, [program], { PORT: String(port), [engine.variable]: givenUrl ?? engine.url })
  }
  console.log(`
  Two nodes on ${engine.name}.

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
if (!givenUrl) await startEngine()
if (!hasEnded()) startNodes()

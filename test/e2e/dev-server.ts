import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'
import { createServer, type AddressInfo } from 'node:net'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../..', import.meta.url))

/** How long a start may take before it counts as failed, in milliseconds. The page takes two seconds. */
const START_TIMEOUT = 45_000

export interface DevServer {
  readonly url: string
  /** Everything that it has printed. */
  readonly output: string
  stop(): Promise<void>
}

/** A port that is free now. */
export async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  server.close()
  await once(server, 'close')
  return port
}

/** Runs `npm start`, or another script that serves, as a newcomer does, on a port of its own. */
export async function startDevServer(port: number, script = 'start'): Promise<DevServer> {
  const npm = spawn('npm', ['run', script], {
    cwd: root,
    // A process group of its own, so that all of it can be ended.
    detached: true,
    env: {
      ...process.env,
      PORT: String(port),
      CI: '1',
      VITEST: '',
      NODE_ENV: 'development',
      STORYBOOK_DISABLE_TELEMETRY: '1',
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const url = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => reject(new Error(`npm run ${script} ${why}. It printed:\n${output}`))
    const timer = setTimeout(() => {
      void end(npm)
      fail(`printed no address within ${START_TIMEOUT / 1000} s`)
    }, START_TIMEOUT)
    const readAddress = (chunk: Buffer) => {
      output += chunk.toString()
      const [address] = /http:\/\/(localhost|127\.0\.0\.1):\d+\//.exec(output) ?? []
      if (!address) return
      clearTimeout(timer)
      resolve(address)
    }
    npm.stdout.on('data', readAddress)
    npm.stderr.on('data', readAddress)
    npm.once('exit', () => {
      clearTimeout(timer)
      fail('ended')
    })
  })
  return {
    url,
    get output() {
      return output
    },
    stop: () => end(npm),
  }
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid!, 'SIGTERM')
  await once(child, 'exit')
}

import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../../scripts/bundle.mjs'
import type { Stats } from '../../../src/server/index.ts'
import { atEnd } from '../server/harness.ts'
import type { NodeSetup } from './node-program.ts'

let program: Promise<string> | undefined

/** A node in a process of its own. */
export interface NodeProcess {
  readonly url: string
  stats(): Promise<Stats>
  revoke(user: string): void
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>
}

/** The nodes of one setup: on `@socket.io/cluster-adapter` workers of one primary process. */
export async function startNodeProcess(setup: NodeSetup): Promise<NodeProcess> {
  const [node] = await start(setup, 1)
  return node!
}

/** Workers of one `node:cluster`, over its own adapter. */
export const startWorkers = (count: number, plugin: NodeSetup['plugin'] = {}): Promise<NodeProcess[]> =>
  start({ adapter: 'cluster-adapter', redis: 0, plugin }, count)

async function start(setup: NodeSetup, count: number): Promise<NodeProcess[]> {
  program ??= bundle(fileURLToPath(new URL('node-program.ts', import.meta.url)))
  const env = { ...process.env, NODE_SETUP: JSON.stringify(setup), NODE_COUNT: String(count) }
  const child = fork(await program, { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const gone = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = () => {
    child.kill('SIGKILL')
    return gone
  }
  atEnd(kill)
  const ports: number[] = []
  await new Promise<void>((resolve, reject) => {
    child.on('message', ({ port }: { port?: number }) => {
      if (port && ports.push(port) === count) resolve()
    })
    void gone.then(() => reject(new Error('the node ended before it was there')))
  })
  return ports.map((port) => ({
    url: `http://127.0.0.1:${port}`,
    stats: () => askStats(child),
    kill,
    revoke: (user) => child.send({ revoke: { user } }),
  }))
}

const askStats = (child: ChildProcess) =>
  new Promise<Stats>((resolve) => {
    const hear = ({ stats }: { stats?: Stats }) => {
      if (!stats) return
      child.off('message', hear)
      resolve(stats)
    }
    child.on('message', hear)
    child.send({ ask: 'stats' })
  })

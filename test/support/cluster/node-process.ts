import { type ChildProcess, fork } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { bundle } from '../../../scripts/bundle.mjs'
import type { Stats } from '../../../src/server/index.ts'
import { atEnd } from '../server/harness.ts'
import type { NodeSetup } from './node-program.ts'

let bundledProgram: Promise<string> | undefined

/** Bundles the program of a node. The first node that is started would do it otherwise. */
export const bundleNodeProgram = (): Promise<string> =>
  (bundledProgram ??= bundle(fileURLToPath(new URL('node-program.ts', import.meta.url))))

/** A node in a process of its own. */
export interface NodeProcess {
  readonly url: string
  stats(): Promise<Stats>
  revoke(user: string): void
  /** Closes the plug-in and ends the process, as a node does that is stopped by its operator. */
  stop(): Promise<void>
  /** Ends it as `kill -9` does. */
  kill(): Promise<void>
  /** Stops the process. Its connections stay open. */
  pause(): void
  resume(): void
}

/** Starts a node in a process of its own. */
export async function startNodeProcess(setup: NodeSetup): Promise<NodeProcess> {
  const [node] = await start(setup, 1)
  return node!
}

/** Starts the workers of one `node:cluster` process, connected by `@socket.io/cluster-adapter`. */
export const startWorkers = (count: number, plugin: NodeSetup['plugin'] = {}): Promise<NodeProcess[]> =>
  start({ plugin }, count)

async function start(setup: NodeSetup, count: number): Promise<NodeProcess[]> {
  const env = { ...process.env, NODE_SETUP: JSON.stringify(setup), NODE_COUNT: String(count) }
  const child = fork(await bundleNodeProgram(), { env, stdio: ['ignore', 'inherit', 'inherit', 'ipc'] })
  const exited = new Promise<void>((resolve) => child.once('exit', () => resolve()))
  const kill = () => {
    child.kill('SIGKILL')
    return exited
  }
  atEnd(kill)
  const ports: number[] = []
  await new Promise<void>((resolve, reject) => {
    child.on('message', ({ port }: { port?: number }) => {
      if (port && ports.push(port) === count) resolve()
    })
    void exited.then(() => reject(new Error('the node exited before it was ready')))
  })
  return ports.map((port) => ({
    url: `http://127.0.0.1:${port}`,
    stats: () => askStats(child),
    stop() {
      child.send({ stop: true })
      return exited
    },
    kill,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    revoke: (user) => child.send({ revoke: { user } }),
  }))
}

const askStats = (child: ChildProcess) =>
  new Promise<Stats>((resolve) => {
    const onMessage = ({ stats }: { stats?: Stats }) => {
      if (!stats) return
      child.off('message', onMessage)
      resolve(stats)
    }
    child.on('message', onMessage)
    child.send({ ask: 'stats' })
  })

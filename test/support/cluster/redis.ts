import { execFile, execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { until } from '../server/harness.ts'
import { freePort } from '../free-port.ts'
import { startServerProcess, type ServerProcess } from './server-process.ts'

const REDIS_SERVER = process.env.REDIS_SERVER ?? 'redis-server'

/** A Redis server for one test or one file. It stores nothing on disk. */
export interface TestRedis extends ServerProcess {
  readonly port: number
  /** Runs `redis-cli`, and returns the lines of its answer. */
  cli(...command: string[]): string[]
}

const answersPing = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.write('PING\r\n')
  })

/** How many keys a Redis holds. This process goes on meanwhile. */
export const countKeys = (port: number): Promise<number> =>
  new Promise((resolve, reject) => {
    execFile('redis-cli', ['-p', String(port), 'DBSIZE'], (error, answer) => {
      if (error) reject(new Error(error.message))
      else resolve(Number(answer))
    })
  })

const redisCli = (port: number, ...command: readonly string[]) =>
  execFileSync('redis-cli', ['-p', String(port), ...command])
    .toString()
    .split('\n')
    .filter(Boolean)

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const server = await startServerProcess({
    what: 'Redis',
    command: REDIS_SERVER,
    options,
    isReady: () => answersPing(port),
  })
  return { ...server, port, cli: (...command) => redisCli(port, ...command) }
}

/** A Redis Cluster for one test or one file: three masters. */
export interface TestRedisCluster extends ServerProcess {
  readonly ports: readonly number[]
  /** Gives a slot to another node: to the one at this port. */
  moveSlot(slot: number, port: number): void
}

const SLOTS = 16384

/** How long the nodes may take to find each other, in milliseconds. Usually it is less than a second. */
const MEETING_TIMEOUT = 20_000

/** Three masters without replicas, so that all of them are needed. */
export async function startRedisCluster(): Promise<TestRedisCluster> {
  const folder = mkdtempSync(join(tmpdir(), 'redis-cluster-'))
  const ports: number[] = []
  while (ports.length < 3) {
    // The nodes talk to each other on a second port.
    const port = await freePort(10_000)
    if (!ports.includes(port)) ports.push(port)
  }
  const servers = await Promise.all(
    ports.map((port) =>
      startServerProcess({
        what: 'a node of Redis Cluster',
        command: REDIS_SERVER,
        options: [
          ...['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no', '--dir', folder],
          ...['--cluster-enabled', 'yes', '--cluster-config-file', `${port}.conf`, '--cluster-node-timeout', '2000'],
        ],
        isReady: () => answersPing(port),
      }),
    ),
  )
  const size = Math.ceil(SLOTS / ports.length)
  ports.forEach((port, index) => {
    const [first, last] = [index * size, Math.min(SLOTS, (index + 1) * size) - 1]
    redisCli(port, 'cluster', 'addslotsrange', String(first), String(last))
    redisCli(port, 'cluster', 'meet', '127.0.0.1', String(ports[0]))
  })
  const untilOk = () =>
    until(
      () =>
        ports.every((port) => redisCli(port, 'cluster', 'info').some((line) => line.startsWith('cluster_state:ok'))),
      'every node says that the cluster is complete',
      MEETING_TIMEOUT,
    )
  await untilOk()
  const all = async (run: (server: ServerProcess) => unknown) => {
    await Promise.all(servers.map(run))
  }
  return {
    ports,
    moveSlot(slot, port) {
      const idOf = (node: number) => redisCli(node, 'cluster', 'myid')[0]!
      const setSlot = (node: number, ...state: readonly string[]) =>
        redisCli(node, 'cluster', 'setslot', String(slot), ...state)
      const newOwner = idOf(port)
      const [other] = ports.filter((each) => each !== port)
      // A node that imports a slot takes it with a new epoch. Otherwise what the others said before can give it back.
      setSlot(port, 'importing', idOf(other!))
      for (const each of [port, ...ports]) setSlot(each, 'node', newOwner)
    },
    pause: () => servers.forEach(({ pause }) => pause()),
    resume: () => servers.forEach(({ resume }) => resume()),
    kill: () => all(({ kill }) => kill()),
    async restart() {
      await all(({ restart }) => restart())
      await untilOk()
    },
    keepRunning() {
      const stops = servers.map(({ keepRunning }) => keepRunning())
      return async () => {
        await Promise.all(stops.map((stop) => stop()))
        rmSync(folder, { recursive: true, force: true })
      }
    },
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { atEnd, until } from '../server/harness.ts'

const program = process.env.REDIS_SERVER ?? 'redis-server'

/** A Redis of our own, that keeps nothing on a disk. */
export interface TestRedis {
  readonly port: number
  /** Stands still, and its connections stay open. */
  pause(): void
  resume(): void
  /** Gone, and its connections with it. */
  kill(): Promise<void>
  /** There again, on the same port and empty. */
  restart(): Promise<void>
  /** Not ended by `closeAll`, but by what this returns. */
  keep(): () => Promise<void>
  /** What `redis-cli` answers, line by line. */
  ask(...command: string[]): string[]
}

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

const answers = (port: number) =>
  new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1')
    socket.on('error', () => resolve(false))
    socket.on('data', (data) => {
      socket.destroy()
      resolve(data.toString().startsWith('+PONG'))
    })
    socket.write('PING\r\n')
  })

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  let child: ChildProcess

  const start = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    child = spawn(program, options, { stdio: 'ignore' })
    let isThere = false
    const ask = async () => (isThere = await answers(port))
    await until(() => (void ask(), isThere), 'Redis answers')
  }
  const kill = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })

  await start()
  let isKept = false
  atEnd(() => (isKept ? undefined : kill()))
  return {
    port,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    keep() {
      isKept = true
      return kill
    },
    ask: (...command) =>
      execFileSync('redis-cli', ['-p', String(port), ...command])
        .toString()
        .split('\n')
        .filter(Boolean),
  }
}

import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { type AddressInfo, connect, createServer } from 'node:net'
import { atEnd, until } from '../server/harness.ts'

const REDIS_SERVER = process.env.REDIS_SERVER ?? 'redis-server'

/** A Redis server for one test or one file. It stores nothing on disk. */
export interface TestRedis {
  readonly port: number
  /** Stops the process. Its connections stay open. */
  pause(): void
  resume(): void
  /** Ends the process, and with it its connections. */
  kill(): Promise<void>
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>
  /** From now on `closeAll` does not end it: the returned function does. */
  keepRunning(): () => Promise<void>
  /** Runs `redis-cli`, and returns the lines of its answer. */
  cli(...command: string[]): string[]
}

/** A port that is free now. */
export const freePort = (): Promise<number> =>
  new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo
      server.close(() => resolve(port))
    })
  })

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

export async function startRedis(): Promise<TestRedis> {
  const port = await freePort()
  let child: ChildProcess

  const start = async () => {
    const options = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
    child = spawn(REDIS_SERVER, options, { stdio: 'ignore' })
    let isReady = false
    const ping = async () => {
      if (await answersPing(port)) isReady = true
    }
    await until(() => {
      void ping()
      return isReady
    }, 'Redis answers')
  }
  const kill = () =>
    new Promise<void>((resolve) => {
      if (child.exitCode !== null || child.signalCode !== null) return resolve()
      child.once('exit', () => resolve())
      child.kill('SIGKILL')
    })

  await start()
  let isKeptRunning = false
  atEnd(() => (isKeptRunning ? undefined : kill()))
  return {
    port,
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    keepRunning() {
      isKeptRunning = true
      return kill
    },
    cli: (...command) =>
      execFileSync('redis-cli', ['-p', String(port), ...command])
        .toString()
        .split('\n')
        .filter(Boolean),
  }
}

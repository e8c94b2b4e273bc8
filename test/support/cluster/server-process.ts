import { type ChildProcess, spawn } from 'node:child_process'
import { atEnd, until } from '../server/harness.ts'

/** A server that nodes talk to each other over. */
export interface ServerProcess {
  /** Stops the process. Its connections stay open. */
  pause(): void
  resume(): void
  /** Ends the process, and with it its connections. */
  kill(): Promise<void>
  /** Starts it again, empty, on the same port. */
  restart(): Promise<void>
  /** From now on `closeAll` does not end it: the returned function does. */
  keepRunning(): () => Promise<void>
}

export interface ServerProcessOptions {
  /** Its name in errors. */
  readonly what: string
  readonly command: string
  readonly options: readonly string[]
  /** Asks the server whether it answers. */
  isReady(): Promise<boolean>
}

export async function startServerProcess({
  what,
  command,
  options,
  isReady,
}: ServerProcessOptions): Promise<ServerProcess> {
  let child: ChildProcess

  const start = async () => {
    child = spawn(command, options, { stdio: 'ignore' })
    const hasEnded = () => child.exitCode !== null || child.signalCode !== null
    await until(async () => hasEnded() || (await isReady()), `${what} answers`)
    if (hasEnded()) throw new Error(`${what} ended before it answered: ${command} ${options.join(' ')}`)
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
    pause: () => child.kill('SIGSTOP'),
    resume: () => child.kill('SIGCONT'),
    kill,
    restart: start,
    keepRunning() {
      isKeptRunning = true
      return kill
    },
  }
}

import { spawn, type ChildProcess } from 'node:child_process'
import { once } from 'node:events'

/** How long a start may take, in milliseconds. `npm start` and its first page take two seconds on a quiet machine. */
const START_TIMEOUT = 45_000

export interface StartedProcess {
  /** What `ready` has found in its output. */
  readonly found: string
  /** Everything that it has printed. */
  readonly output: string
  end(): Promise<void>
}

interface StartOptions {
  /** Where it runs. @default where the tests run */
  readonly cwd?: string
  /** Added to the environment of the tests. What is `undefined` is left out. */
  readonly env?: NodeJS.ProcessEnv
  /** It has started when its output matches. The first group is what was found. @default not waited for */
  readonly ready?: RegExp
  /** What ends it and the processes that it has started. @default 'SIGKILL' */
  readonly signal?: NodeJS.Signals
}

/** Starts a program and waits until it says that it is ready, on its standard output or standard error. */
export async function startProcess(
  command: string,
  args: readonly string[],
  { cwd, env, ready, signal = 'SIGKILL' }: StartOptions,
): Promise<StartedProcess> {
  const child = spawn(command, args, {
    cwd,
    env: { ...process.env, ...env },
    // A process group of its own, so that all of it can be ended.
    detached: true,
    stdio: ['ignore', 'pipe', 'pipe'],
  })
  let output = ''
  const found = await new Promise<string>((resolve, reject) => {
    const fail = (why: string) => {
      clearTimeout(timer)
      reject(new Error(`${command} ${why}. It printed:\n${output}`))
    }
    const timer = setTimeout(() => {
      void end(child, signal)
      fail(`did not start within ${START_TIMEOUT / 1000} s`)
    }, START_TIMEOUT)
    const read = (chunk: Buffer) => {
      output += chunk.toString()
      const match = ready?.exec(output)
      if (!match) return
      clearTimeout(timer)
      resolve(match[1] ?? '')
    }
    if (!ready) {
      clearTimeout(timer)
      resolve('')
    }
    child.stdout.on('data', read)
    child.stderr.on('data', read)
    child.once('error', (error) => fail(error.message))
    child.once('exit', () => fail('ended'))
  })
  return {
    found,
    get output() {
      return output
    },
    end: () => end(child, signal),
  }
}

async function end(child: ChildProcess, signal: NodeJS.Signals): Promise<void> {
  if (child.pid === undefined || child.exitCode !== null || child.signalCode !== null) return
  process.kill(-child.pid, signal)
  await once(child, 'exit')
}

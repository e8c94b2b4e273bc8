/** A client under test: a program that reads commands from stdin and prints what it shows. See protocol/README.md. */
import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import { once } from 'node:events'
import { createInterface } from 'node:readline'

/** One line that the client prints. */
export interface Line {
  readonly kind: string
  readonly [field: string]: unknown
}

export interface Program {
  /** All lines so far. */
  readonly lines: readonly Line[]
  /** What it has printed to stderr. */
  errors(): string
  run(command: object): void
  end(): Promise<void>
}

/** How long a client has to end after the end of its stdin, in milliseconds. */
const PATIENCE = 3000

/** @param onLine is called after each line. */
export function startProgram(command: readonly string[], url: string, onLine: () => void): Program {
  const words = command.map((word) => word.replaceAll('{url}', url))
  const [name = '', ...args] = command.some((word) => word.includes('{url}')) ? words : [...words, url]
  const child: ChildProcessWithoutNullStreams = spawn(name, args)
  const lines: Line[] = []
  let errors = ''
  // A program that has ended takes no commands; its scenario fails, and says what it waited for.
  child.stdin.on('error', () => {})
  child.on('error', (error) => (errors += error.message))
  child.stderr.on('data', (chunk: Buffer) => (errors += chunk.toString()))
  createInterface({ input: child.stdout }).on('line', (text) => {
    lines.push(parseLine(text))
    onLine()
  })

  return {
    lines,
    errors: () => errors,
    run: (each) => void child.stdin.write(`${JSON.stringify(each)}\n`),
    async end() {
      if (child.exitCode !== null || child.signalCode !== null || child.pid === undefined) return
      const timer = setTimeout(() => child.kill('SIGKILL'), PATIENCE)
      const ended = once(child, 'exit')
      child.stdin.end()
      await ended
      clearTimeout(timer)
    },
  }
}

function parseLine(text: string): Line {
  try {
    return JSON.parse(text) as Line
  } catch {
    return { kind: 'not JSON', text }
  }
}

/** The server and the clients of a benchmark, each in a process of its own that answers the benchmark's requests. */
import { fork } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'
import { until as untilTrue } from '../../test/support/until.ts'

export { sleep } from '../../test/support/until.ts'

/** A process that answers requests. */
export interface BenchProcess {
  request<T>(name: string, argument?: unknown): Promise<T>
  signal(name: NodeJS.Signals): void
  kill(): void
}

interface Request {
  readonly id: number
  readonly name: string
  readonly argument: unknown
}

/** Starts this program once more, in another role. */
export function startProcess(role: string, ...args: readonly string[]): BenchProcess {
  const child = fork(process.argv[1]!, [role, ...args])
  const pending = new Map<number, (answer: unknown) => void>()
  let lastId = 0
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    pending.get(id)?.(answer)
    pending.delete(id)
  })
  return {
    request: (name, argument) =>
      new Promise((resolve) => {
        const id = ++lastId
        pending.set(id, resolve as (answer: unknown) => void)
        child.send({ id, name, argument } satisfies Request)
      }),
    signal: (name) => void child.kill(name),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Answers requests until the program that sends them has exited. */
export function answerRequests(handlers: Readonly<Record<string, (argument: never) => unknown>>): void {
  process.on('message', ({ id, name, argument }: Request) => {
    void Promise.resolve(handlers[name]!(argument as never)).then((answer) => process.send?.({ id, answer }))
  })
  process.on('disconnect', () => process.exit())
}

/** How long thousands of sockets may take to connect, in milliseconds. */
const TIMEOUT = 30_000

export const until = (condition: () => unknown): Promise<void> => untilTrue(condition, undefined, TIMEOUT)

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN

/** What its work costs a process. */
export interface Load {
  readonly seconds: number
  /** Seconds of CPU a second. */
  readonly cpu: number
  /** Microseconds of CPU. */
  readonly cpuTime: number
  /** Delay of the event loop in milliseconds: the time between two readings 10 ms apart, so an idle loop has 10. */
  readonly delay: { readonly p50: number; readonly p99: number; readonly max: number }
}

/** Measures this process until the function it returns is called. */
export function measureLoad(): () => Load {
  const delay = monitorEventLoopDelay({ resolution: 10 })
  const began = performance.now()
  const before = process.cpuUsage()
  delay.enable()
  return () => {
    const { user, system } = process.cpuUsage(before)
    const seconds = (performance.now() - began) / 1000
    delay.disable()
    const ms = (nanoseconds: number) => nanoseconds / 1e6
    return {
      seconds,
      cpu: (user + system) / 1e6 / seconds,
      cpuTime: user + system,
      delay: { p50: ms(delay.percentile(50)), p99: ms(delay.percentile(99)), max: ms(delay.max) },
    }
  }
}

/** Prints a table as Markdown. */
export function printTable(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => String(row[index]).length)))
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell, index) => String(cell).padEnd(widths[index]!)).join(' | ')} |`
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'))
}

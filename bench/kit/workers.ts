/** The parts of a benchmark in processes of their own, which answer what the program that started them asks. */
import { fork } from 'node:child_process'
import { monitorEventLoopDelay } from 'node:perf_hooks'

/** One process. */
export interface Worker {
  ask<T>(question: string, given?: unknown): Promise<T>
  signal(name: NodeJS.Signals): void
  kill(): void
}

interface Question {
  readonly id: number
  readonly question: string
  readonly given: unknown
}

/** Starts this program once more, to play a part. */
export function start(part: string, ...args: readonly string[]): Worker {
  const child = fork(process.argv[1]!, [part, ...args])
  const waiting = new Map<number, (answer: unknown) => void>()
  let asked = 0
  child.on('message', ({ id, answer }: { id: number; answer: unknown }) => {
    waiting.get(id)?.(answer)
    waiting.delete(id)
  })
  return {
    ask: (question, given) =>
      new Promise((resolve) => {
        const id = asked++
        waiting.set(id, resolve as (answer: unknown) => void)
        child.send({ id, question, given } satisfies Question)
      }),
    signal: (name) => void child.kill(name),
    kill: () => void child.kill('SIGKILL'),
  }
}

/** Plays a part: answers questions until the program that asks is gone. */
export function play(answers: Readonly<Record<string, (given: never) => unknown>>): void {
  process.on('message', ({ id, question, given }: Question) => {
    void Promise.resolve(answers[question]!(given as never)).then((answer) => process.send?.({ id, answer }))
  })
  process.on('disconnect', () => process.exit())
}

export const sleep = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms))

/** Waits until something is true. @throws after 30 s. */
export async function until(condition: () => unknown): Promise<void> {
  for (const end = performance.now() + 30_000; !(await condition()); await sleep(25)) {
    if (performance.now() > end) throw new Error(`Not true within 30 s: ${condition.toString()}`)
  }
}

export const median = (values: readonly number[]): number => quantile(values, 0.5)

export const quantile = (values: readonly number[], share: number): number =>
  [...values].sort((a, b) => a - b)[Math.min(values.length - 1, Math.floor(values.length * share))] ?? NaN

/** What a server's work costs it. */
export interface Load {
  readonly seconds: number
  /** Seconds of CPU a second. */
  readonly cpu: number
  /** Microseconds of CPU. */
  readonly cpuTime: number
  /** Of the event loop, in milliseconds: the time between two readings 10 ms apart, so an idle one has 10. */
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
export function print(head: readonly string[], rows: readonly (readonly (string | number)[])[]): void {
  const widths = head.map((title, index) => Math.max(title.length, ...rows.map((row) => String(row[index]).length)))
  const line = (cells: readonly (string | number)[]) =>
    `| ${cells.map((cell, index) => String(cell).padEnd(widths[index]!)).join(' | ')} |`
  console.log([line(head), line(widths.map((width) => '-'.repeat(width))), ...rows.map(line)].join('\n'))
}

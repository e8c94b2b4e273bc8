/**
 * What React Native adds to Hermes, as far as the core uses it: timers, microtasks and a clock. Hermes's own command line
 * has a `setTimeout` that does not wait. Here time passes only when the program says so, and then at once.
 */
interface Timer {
  readonly at: number
  readonly callback: () => void
}

interface Phone {
  setTimeout: (callback: () => void, ms?: number) => Timer
  clearTimeout: (timer: Timer | undefined) => void
  queueMicrotask: (callback: () => void) => void
  performance: { now: () => number }
  console: { warn: (...data: unknown[]) => void }
  process: { env: { NODE_ENV: string } }
  print: (line: string) => void
}

const phone = globalThis as unknown as Phone
const nextTask = phone.setTimeout as unknown as (callback: () => void) => void

let now = 0
const timers = new Set<Timer>()

phone.setTimeout = (callback, ms = 0) => {
  const timer = { at: now + ms, callback }
  timers.add(timer)
  return timer
}
phone.clearTimeout = (timer) => {
  if (timer) timers.delete(timer)
}
phone.queueMicrotask = (callback) => void Promise.resolve().then(callback)
phone.performance = { now: () => now }
phone.console = { warn: (...data) => print(`warning: ${data.join(' ')}`) }
phone.process = { env: { NODE_ENV: 'development' } }

/** Writes a line that the test reads. */
export const print = (line: string): void => phone.print(line)

const untilIdle = () => new Promise<void>((resolve) => nextTask(resolve))

/** Lets time pass: every timer that is due is called at its own time, and the microtasks after each. */
export async function passTime(ms: number): Promise<void> {
  const end = now + ms
  for (;;) {
    await untilIdle()
    const [next] = [...timers].sort((a, b) => a.at - b.at)
    if (!next || next.at > end) break
    timers.delete(next)
    now = next.at
    next.callback()
  }
  now = end
}

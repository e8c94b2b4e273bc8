import { cpus } from 'node:os'
import { sharedNow, sleep } from '../support/until.ts'

/** Most runs at the same time: they mostly wait. */
const MAX_PARALLEL = 6 * Math.max(1, Math.min(4, cpus().length))

/** Whether this process, in which most servers and devices run, keeps up: its timers are at most 25 ms late. */
async function keepsUp(): Promise<boolean> {
  for (let sample = 0; sample < 10; sample++) {
    const before = sharedNow()
    await sleep(20)
    if (sharedNow() - before > 45) return false
  }
  return true
}

const ignore = () => {}

/** Something that is run once it is started. */
export interface Job<Result> {
  readonly result: Promise<Result>
  start(): void
}

export function createJob<Result>(run: () => Promise<Result>): Job<Result> {
  let start = () => {}
  const started = new Promise<void>((resolve) => {
    start = resolve
  })
  return { start, result: started.then(run) }
}

/** Runs as many jobs in parallel as this machine can: on a busy one messages would expire that should arrive. */
export async function runInParallel<Result>(jobs: readonly Job<Result>[]): Promise<void> {
  const running = new Set<Promise<void>>()
  for (const { start, result } of jobs) {
    while (running.size === MAX_PARALLEL || (running.size && !(await keepsUp()))) {
      await Promise.race([...running, sleep(200)])
    }
    start()
    // Who waits for the result learns of a failure. The others go on.
    const ended: Promise<void> = result.then(ignore, ignore).then(() => void running.delete(ended))
    running.add(ended)
  }
  await Promise.all(running)
}

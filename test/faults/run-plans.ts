import { cpus } from 'node:os'
import { runScenario } from '../support/faults/run-scenario.ts'
import type { Row, Run } from '../support/faults/scenario.ts'
import type { SocketTransport, Way } from '../support/faults/types.ts'
import { sharedNow, sleep } from '../support/until.ts'

/** One row, in one way, over one of Socket.IO's transports. */
export interface Plan {
  readonly row: Row
  readonly way: Way
  readonly socketTransport: SocketTransport
}

const BOTH_TRANSPORTS = ['websocket', 'polling'] as const

export const plansOf = (rows: readonly Row[], ways: readonly Way[]): Plan[] =>
  rows.flatMap((row) =>
    (row.socketTransports ?? BOTH_TRANSPORTS).flatMap((socketTransport) =>
      ways.map((way) => ({ row, way, socketTransport })),
    ),
  )

/** Most runs at the same time: they mostly wait. */
const MAX_PARALLEL = 4 * Math.max(1, Math.min(4, cpus().length))

/** Whether this process, in which most servers and devices run, keeps up: its timers are at most 25 ms late. */
async function keepsUp(): Promise<boolean> {
  for (let sample = 0; sample < 10; sample++) {
    const before = sharedNow()
    await sleep(20)
    if (sharedNow() - before > 45) return false
  }
  return true
}

interface Job {
  readonly plan: Plan
  readonly result: Promise<Run>
  start(): void
}

function createJob(plan: Plan): Job {
  let start = () => {}
  const started = new Promise<void>((resolve) => {
    start = resolve
  })
  return { plan, start, result: started.then(() => runScenario(plan.row, plan.way, plan.socketTransport)) }
}

/** Runs as many jobs in parallel as this machine can: on a busy one messages would expire that should arrive. */
async function runInParallel(jobs: readonly Job[]): Promise<void> {
  const running = new Set<Job>()
  for (const job of jobs) {
    while (running.size === MAX_PARALLEL || (running.size && !(await keepsUp()))) {
      await Promise.race([...[...running].map(({ result }) => result), sleep(200)])
    }
    job.start()
    running.add(job)
    void job.result.then(() => running.delete(job))
  }
  await Promise.all(jobs.map(({ result }) => result))
}

/**
 * Runs all plans: first the light ones in parallel, then the heavy ones, one after another.
 *
 * @returns each one's result as it comes, in the order of the plans.
 */
export function runPlans(plans: readonly Plan[]): Promise<Run>[] {
  const jobs = plans.map(createJob)
  const runAll = async () => {
    await runInParallel(jobs.filter(({ plan }) => !plan.row.heavy))
    for (const job of jobs.filter(({ plan }) => plan.row.heavy)) {
      job.start()
      await job.result
    }
  }
  void runAll()
  return jobs.map(({ result }) => result)
}

import { runScenario } from '../support/faults/run-scenario.ts'
import type { Row, Run } from '../support/faults/scenario.ts'
import type { SocketTransport, Way } from '../support/faults/types.ts'
import { createJob, runInParallel } from './run-in-parallel.ts'

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

/**
 * Runs all plans: first the light ones in parallel, then the heavy ones, one after another.
 *
 * @returns each one's result as it comes, in the order of the plans.
 */
export function runPlans(plans: readonly Plan[]): Promise<Run>[] {
  const jobs = plans.map(({ row, way, socketTransport }) => createJob(() => runScenario(row, way, socketTransport)))
  const isHeavy = (_: unknown, index: number) => plans[index]?.row.heavy === true
  const runAll = async () => {
    await runInParallel(jobs.filter((job, index) => !isHeavy(job, index)))
    for (const job of jobs.filter(isHeavy)) {
      job.start()
      await job.result
    }
  }
  void runAll()
  return jobs.map(({ result }) => result)
}

import { cpus } from 'node:os'
import { runScenario } from '../support/faults/run-scenario.ts'
import type { Row, Run } from '../support/faults/scenario.ts'
import type { SocketTransport, Way } from '../support/faults/types.ts'

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

/**
 * Runs all plans: first the light ones in parallel, then the heavy ones, one after another.
 *
 * @returns each one's result as it comes, in the order of the plans.
 */
export function runPlans(plans: readonly Plan[]): Promise<Run>[] {
  const jobs = plans.map((plan) => {
    let start = () => {}
    const started = new Promise<void>((resolve) => {
      start = resolve
    })
    const result = started.then(() => runScenario(plan.row, plan.way, plan.socketTransport))
    return { plan, start, result }
  })
  const runQueue = async (queue: typeof jobs) => {
    for (let job = queue.shift(); job; job = queue.shift()) {
      job.start()
      await job.result
    }
  }
  const light = jobs.filter(({ plan }) => !plan.row.heavy)
  const heavy = jobs.filter(({ plan }) => plan.row.heavy)
  const lightDone = Promise.all(Array.from({ length: MAX_PARALLEL }, () => runQueue(light)))
  void lightDone.then(() => runQueue(heavy))
  return jobs.map(({ result }) => result)
}

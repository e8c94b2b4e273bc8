import { ENGINES, type EngineName } from '../../support/cluster/engines.ts'
import { bundleNodeProgram } from '../../support/cluster/node-process.ts'
import { type ClusterRow, type ClusterRun, runClusterRow } from '../../support/faults/cluster-scenario.ts'
import { createJob, runInParallel } from '../run-in-parallel.ts'
import { clusterRows } from './rows.ts'

/** One row on one engine. */
export interface ClusterPlan {
  readonly row: ClusterRow
  readonly engineName: EngineName
}

/** Every row on every engine. */
export const clusterPlans: readonly ClusterPlan[] = clusterRows.flatMap((row) =>
  ENGINES.map((engineName) => ({ row, engineName })),
)

/** Runs the plans, several at a time. @returns each one's result as it comes, in the order of the plans. */
export function runClusterPlans(plans: readonly ClusterPlan[]): Promise<ClusterRun>[] {
  const jobs = plans.map(({ row, engineName }) => createJob(() => runClusterRow(row, engineName)))
  // Bundling blocks this process for so long that messages would expire.
  void bundleNodeProgram().then(() => runInParallel(jobs))
  return jobs.map(({ result }) => result)
}

import { afterAll, describe, expect, test } from 'vitest'
import { VIOLATIONS } from '../../support/faults/ledger.ts'
import { closeAll } from '../../support/server/harness.ts'
import { clusterPlans, runClusterPlans } from './run-cluster-plans.ts'

// Several run at the same time: they mostly wait.
const results = runClusterPlans(clusterPlans)

/** Each test waits for its run, and for those before it. Each run has a limit of its own. */
const TEST_TIMEOUT = 600_000

const NO_VIOLATIONS = Object.fromEntries(VIOLATIONS.map((violation) => [violation, 0]))

afterAll(closeAll)

describe('G1, G2, G3, T1, S5, K1: several nodes lose, delay, repeat, misdeliver and store nothing:', () => {
  for (const [index, { row, engineName }] of clusterPlans.entries()) {
    test(
      `${row.title}, ${engineName}`,
      async () => {
        const { tally, problems } = await results[index]!
        expect(problems).toEqual([])
        expect(Object.fromEntries(VIOLATIONS.map((violation) => [violation, tally[violation]]))).toEqual(NO_VIOLATIONS)
        expect(tally.delivered).toBeGreaterThan(0)
      },
      TEST_TIMEOUT,
    )
  }
})

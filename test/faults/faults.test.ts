import { describe, expect, test } from 'vitest'
import { VIOLATIONS, type Violation } from '../support/faults/ledger.ts'
import type { Way } from '../support/faults/types.ts'
import { rows } from './rows/index.ts'
import { plansOf, runPlans } from './run-plans.ts'

interface PlainFailure {
  readonly title: string
  readonly way: Way
  readonly violation: Violation
}

/** Where plain Socket.IO is shown to fail as well, over websocket. */
const plainFailures: readonly PlainFailure[] = [
  { title: 'client offline, then back', way: 'emit', violation: 'late' },
  { title: 'client offline, then back', way: 'volatile', violation: 'stored' },
  { title: 'network stalls for 3 s, then goes on', way: 'volatile', violation: 'late' },
  { title: 'laptop sleep past the ping, `connected` still true', way: 'volatile', violation: 'late' },
  { title: 'laptop sleep, the connection outlives it', way: 'emit', violation: 'late' },
  { title: 'connection-state recovery on, `skipMiddlewares: true`', way: 'emit', violation: 'misdelivered' },
  { title: '10 messages in one tick', way: 'volatile', violation: 'lost' },
  { title: 'beside the app’s own emits, before and after in one tick', way: 'volatile', violation: 'lost' },
  { title: 'client socket with `retries` and `ackTimeout`', way: 'emit', violation: 'duplicated' },
  { title: 'two devices, one connected later or again', way: 'emit', violation: 'misdelivered' },
  {
    title: 'lopsided network: the way down takes 4.4 s while the connection begins',
    way: 'emit',
    violation: 'late',
  },
  { title: 'two clients on one socket, one of them unsubscribes', way: 'emit', violation: 'lost' },
  { title: 'the app removes the listeners of its socket, then it reconnects', way: 'emit', violation: 'lost' },
  { title: 'login, logout and another login on one open connection', way: 'emit', violation: 'misdelivered' },
]
const plainPlans = plainFailures.map(({ title, way }) => {
  const row = rows.find((candidate) => candidate.title === title)!
  return { row, way, socketTransport: 'websocket' } as const
})

// All of them run in parallel: they mostly wait.
const ourPlans = plansOf(rows, ['ours'])
const results = runPlans([...ourPlans, ...plainPlans])

/** Each test waits for its run, and for those before it. Each run has a limit of its own. */
const TEST_TIMEOUT = 600_000

const NO_VIOLATIONS = Object.fromEntries(VIOLATIONS.map((violation) => [violation, 0]))

describe('G1, G2, G3, T1 to T9, K1, K2, I1: nothing is lost, late, duplicated, misdelivered or stored:', () => {
  for (const [index, { row, socketTransport }] of ourPlans.entries()) {
    test(
      `${row.title}, ${socketTransport}`,
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

describe('the same scenarios can fail: plain Socket.IO does:', () => {
  for (const [index, { title, way, violation }] of plainFailures.entries()) {
    test(
      `${title}, ${way}: ${violation}`,
      async () => {
        const { tally } = await results[ourPlans.length + index]!
        expect(tally[violation]).toBeGreaterThan(0)
      },
      TEST_TIMEOUT,
    )
  }
})

import { describe, expect, test } from 'vitest'
import { SINS } from '../support/faults/ledger.ts'
import type { Run } from '../support/faults/stage.ts'
import type { Way } from '../support/faults/words.ts'
import { rows } from './rows/index.ts'
import { type Plan, playAll, plansOf } from './run.ts'

/** Where plain Socket.IO is shown to fail as well: over websocket, one of its two ways, what it does wrong. */
const plain: [title: string, way: Way, does: 'lost' | 'late' | 'duplicated' | 'misdelivered' | 'stored'][] = [
  ['client offline, then back', 'emit', 'late'],
  ['client offline, then back', 'volatile', 'stored'],
  ['network stalls for 3 s, then goes on', 'volatile', 'late'],
  ['laptop sleep past the ping, `connected` still true', 'volatile', 'late'],
  ['laptop sleep, the connection outlives it', 'emit', 'late'],
  ['connection-state recovery on, `skipMiddlewares: true`', 'emit', 'misdelivered'],
  ['10 messages in one tick', 'volatile', 'lost'],
  ['beside the app’s own emits, before and after in one tick', 'volatile', 'lost'],
  ['client socket with `retries` and `ackTimeout`', 'emit', 'duplicated'],
  ['two devices, one connected later or again', 'emit', 'misdelivered'],
]
const plainPlans = plain.map(([title, way]): Plan => {
  const row = rows.find((candidate) => candidate.title === title)!
  return { row, way, carrier: 'websocket' }
})

// All of them side by side: they mostly wait.
const plans = [...plansOf(rows, ['ours']), ...plainPlans]
const results = playAll(plans)
const resultOf = (plan: Plan): Promise<Run> => results[plans.indexOf(plan)]!
const PATIENCE = 120_000

describe('G1 to G3, T1 to T6 under faults:', () => {
  for (const plan of plans.slice(0, -plainPlans.length)) {
    test(
      `${plan.row.title}, ${plan.carrier}`,
      async () => {
        const { tally, problems } = await resultOf(plan)
        expect(problems).toEqual([])
        expect(Object.fromEntries(SINS.map((sin) => [sin, tally[sin]]))).toEqual(
          Object.fromEntries(SINS.map((sin) => [sin, 0])),
        )
        expect(tally.delivered).toBeGreaterThan(0)
      },
      PATIENCE,
    )
  }
})

describe('the same scenarios have teeth: plain Socket.IO fails them:', () => {
  for (const [index, [title, way, does]] of plain.entries()) {
    test(
      `${title}, ${way}: ${does}`,
      async () => {
        const { tally } = await resultOf(plainPlans[index]!)
        expect(tally[does]).toBeGreaterThan(0)
      },
      PATIENCE,
    )
  }
})

import { cpus } from 'node:os'
import { play, type Row, type Run } from '../support/faults/stage.ts'
import type { Carrier, Way } from '../support/faults/words.ts'

/** One row, in one way, over one carrier. */
export interface Plan {
  readonly row: Row
  readonly way: Way
  readonly carrier: Carrier
}

export const plansOf = (rows: readonly Row[], ways: readonly Way[]): Plan[] =>
  rows.flatMap((row) =>
    (row.carriers ?? ['websocket', 'polling']).flatMap((carrier) => ways.map((way) => ({ row, way, carrier }))),
  )

/** Most runs side by side: they mostly wait. */
const ABREAST = 4 * Math.max(1, Math.min(4, cpus().length))

/**
 * Plays everything: the heavy ones one after another, then the others side by side.
 *
 * @returns each one's result as it comes, in the order of the plans.
 */
export function playAll(plans: readonly Plan[]): Promise<Run>[] {
  const started = plans.map((plan) => {
    let begin = () => {}
    const turn = new Promise<void>((resolve) => {
      begin = resolve
    })
    return { plan, begin, result: turn.then(() => play(plan.row, plan.way, plan.carrier)) }
  })
  const work = async (queue: typeof started) => {
    for (let next = queue.shift(); next; next = queue.shift()) {
      next.begin()
      await next.result
    }
  }
  const light = started.filter(({ plan }) => !plan.row.heavy)
  void Promise.all(Array.from({ length: ABREAST }, () => work(light))).then(() =>
    work(started.filter(({ plan }) => plan.row.heavy)),
  )
  return started.map(({ result }) => result)
}

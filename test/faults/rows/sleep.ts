import { sleep, tick } from '../../support/faults/clock.ts'
import type { Player, Row, Stage } from '../../support/faults/stage.ts'
import { afterwards, bothWays, exchange, toAnn, toBob } from './pair.ts'

/** How long it sleeps: longer than `maxAge`. */
const NIGHT = 3000

/** How soon a badge that is not true any more has to be gone after waking, in milliseconds. */
const SOON = 1000

const shown = ({ typists }: Player) => typists.at(-1)?.ids.join() ?? ''

/** A badge that was shown after this moment though nobody typed is a message that came late. */
function noStaleBadge(stage: Stage, player: Player, since: number): void {
  if (!stage.isOurs) return
  const flashes = player.typists.filter(({ ids, at }) => at > since && ids.length > 0)
  stage.ledger.sin('late', flashes.length)
  stage.check(shown(player) === '', `${player.name} still shows ${shown(player)}`)
}

/** Ann's laptop sleeps while bob sends and stops typing; in the tick in which it wakes she sends, too. */
const sleeper = (title: string, isSteady: boolean, ping?: number): Row => ({
  title,
  async play(stage) {
    const server = await stage.server({ ...(ping && { ping }) })
    const laptop = await stage.actor()
    const ann = await stage.join('ann', { at: server, hears: [toBob] }, laptop)
    const bob = await stage.join('bob', { at: server, hears: [toAnn] })
    await bothWays(stage, ann, bob)
    await exchange(stage, ann, bob)
    await bob.device.type(toAnn, true)
    if (stage.isOurs) {
      const deadline = tick() + 3000
      while (shown(ann) !== 'bob' && tick() < deadline) await sleep(5)
      stage.check(shown(ann) === 'bob', 'ann does not see bob type')
    }

    const began = tick()
    // What she sends on waking is young: it has to arrive if she is told that it has.
    const atDawn = stage.ledger.issue(5, { may: ['bob'] })
    const woken = ann.device.sleepThenSend(NIGHT, isSteady, toBob, atDawn)
    const night = stage.send(bob, toAnn, 40, { may: ['ann'] }, 25)
    await sleep(NIGHT / 4)
    await bob.device.type(toAnn, false)
    await night
    const waking = began + NIGHT
    // Past the ping the connection is gone: what she sends into it would come after it.
    const answers = await woken
    if (ping) stage.ledger.barrier()
    stage.check(
      answers.every(({ code }) => (ping ? code !== 'ok' : code === 'ok')),
      `on waking, sending is answered ${answers.map(({ code }) => code).join()}`,
    )
    await sleep(Math.max(0, waking + SOON - tick()))
    noStaleBadge(stage, ann, waking)
    await stage.look(server, [ann, bob])
    await afterwards(stage, server, ann, bob)
    noStaleBadge(stage, ann, waking)
  },
})

export const sleeping: readonly Row[] = [
  sleeper('laptop sleep past the ping, `connected` still true', false, 500),
  sleeper('page frozen past the ping, `connected` still true', true, 500),
  sleeper('laptop sleep, the connection outlives it', false),
  sleeper('page frozen for 3 s, the connection outlives it', true),
  {
    title: 'background tab, timers throttled to one a minute',
    async play(stage) {
      const server = await stage.server({ ping: 2000 })
      const tab = await stage.actor()
      const ann = await stage.join('ann', { at: server, hears: [toBob] }, tab)
      const bob = await stage.join('bob', { at: server, hears: [toAnn] })
      await bothWays(stage, ann, bob)
      await ann.device.throttle(60_000)
      for (let time = 0; time < 3; time++) {
        await bob.device.type(toAnn, true)
        await exchange(stage, ann, bob, 20)
        await bob.device.type(toAnn, false)
        await exchange(stage, ann, bob, 20)
        stage.check(
          shown(ann) === '' && ann.typists.length === 2 * (time + 1),
          `ann shows ${JSON.stringify(ann.typists)}`,
        )
        await sleep(1000)
      }
      await afterwards(stage, server, ann, bob)
    },
  },
]

import { until } from '../../support/faults/clock.ts'
import type { Row } from '../../support/faults/stage.ts'
import { bothWays, exchange, toAnn, toBob } from './pair.ts'

const team = { group: 'team' }
const numbers = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/**
 * The app has connection-state recovery switched on: what it sends itself while ann is away comes after all, and only
 * that. Bob is revoked while he is away, and recovers, too.
 */
const recovery = (middlewares: 'skip-middlewares' | 'ask-middlewares'): Row => ({
  title: `connection-state recovery on, \`skipMiddlewares: ${middlewares === 'skip-middlewares'}\``,
  async play(stage) {
    const { way, ledger } = stage
    const server = await stage.server({ recovery: middlewares })
    const ann = await stage.join('ann', { at: server, hears: [toBob, team] })
    const bob = await stage.join('bob', { at: server, hears: [toAnn, team] })
    const cy = await stage.join('cy', { at: server, hears: [team] })
    await bothWays(stage, ann, bob)
    await stage.open(cy, team, ann, bob)
    await exchange(stage, ann, bob)
    // The app's own packet gives the client an offset to recover from.
    await server.app('ann', [1])
    await server.app('bob', [1])
    await until(() => ann.app.length > 0 && bob.app.length > 0, 'the app’s own emits arrive')

    await Promise.all([server.kick('ann', 'engine'), server.kick('bob', 'engine')])
    await until(async () => {
      const states = await Promise.all([ann.device.state(), bob.device.state()])
      return states.every(({ connected }) => !connected)
    }, 'both have noticed')
    // Before either can be back: all of it within one turn of the server.
    await Promise.all([
      server.revoke('bob'),
      server.burst(way, toAnn, ledger.issue(10, { may: ['ann'] }, 'bot'), false),
      server.burst(way, toBob, ledger.issue(10, { may: [] }, 'bot'), false),
      server.burst(way, team, ledger.issue(10, { may: ['ann', 'cy'], must: ['cy'] }, 'bot'), false),
      server.app('ann', numbers(2, 10)),
    ])
    for (const name of ['ann', 'bob']) ledger.barrier(name)

    await stage.online(ann)
    await until(() => ann.app.length >= 11, 'the app’s own recovery works')
    const { recovered } = await ann.device.state()
    stage.check(recovered, 'the app’s own connection is not recovered')
    stage.check(ann.app.join() === numbers(1, 11).join(), `the app’s own emits come as ${ann.app.join()}`)
    await stage.open(cy, team, ann)
    await until(async () => {
      const { connected, refusals } = await bob.device.state()
      return middlewares === 'skip-middlewares' ? connected : refusals > 0
    }, 'bob is recovered, or refused by the app’s own middleware')

    // The revoked one: what is sent from now on is not for him, whether he is connected or not.
    const forAnn = { may: ['ann'], must: ['ann'] }
    await stage.send(cy, team, 10, forAnn)
    await stage.send(ann, toBob, 10, { may: [] })
    await server.burst(way, team, ledger.issue(10, { may: ['ann', 'cy'], must: ['ann', 'cy'] }, 'bot'), false)
    await stage.settle()
    await stage.open(cy, team, ann)
    stage.check((await server.kept()) >= 12, 'the app’s own packets are not kept')
    await stage.look(server, [ann, bob, cy], true)
  },
})

export const recoveries: readonly Row[] = [recovery('skip-middlewares'), recovery('ask-middlewares')]

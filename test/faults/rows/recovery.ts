import { mayReach, mustReach } from '../../support/faults/ledger.ts'
import { EVENT_TIMEOUT, type Row } from '../../support/faults/scenario.ts'
import { until } from '../../support/until.ts'
import { exchange, probeBothWays, toAnn, toBob } from './pair.ts'

const team = { group: 'team' }

const numbersFrom = (first: number, count: number) => Array.from({ length: count }, (_, index) => first + index)

/**
 * The app uses connection-state recovery: what it emits itself while ann is away reaches her after all, and nothing else
 * does. Bob is revoked while he is away, and recovers as well.
 */
const recoveryRow = (recovery: 'skip-middlewares' | 'run-middlewares'): Row => ({
  title: `connection-state recovery on, \`skipMiddlewares: ${recovery === 'skip-middlewares'}\``,
  async run(scenario) {
    const { way, ledger } = scenario
    const server = await scenario.startServer({ recovery })
    const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob, team] })
    const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn, team] })
    const cy = await scenario.addDevice('cy', { at: server, subscribesTo: [team] })
    await probeBothWays(scenario, ann, bob)
    await scenario.probe(cy, team, ann, bob)
    await exchange(scenario, ann, bob)
    // The app's own packet gives the client an offset to recover from.
    await server.emitApp('ann', [1])
    await server.emitApp('bob', [1])
    const bothHaveIt = () => ann.appNumbers.length > 0 && bob.appNumbers.length > 0
    await until(bothHaveIt, 'the app’s own emits arrive', EVENT_TIMEOUT)

    await Promise.all([server.kick('ann', 'engine'), server.kick('bob', 'engine')])
    const bothAreOffline = async () => {
      const states = await Promise.all([ann.device.state(), bob.device.state()])
      return states.every(({ connected }) => !connected)
    }
    await until(bothAreOffline, 'ann and bob notice that they are offline', EVENT_TIMEOUT)
    // Before either can be back: all of it within one turn of the server's event loop.
    const fromBot = (expectation: ReturnType<typeof mayReach>) => ledger.issue(10, expectation, 'bot')
    await Promise.all([
      server.revoke('bob'),
      server.burst({ way, to: toAnn, payloads: fromBot(mayReach('ann')) }),
      server.burst({ way, to: toBob, payloads: fromBot(mayReach()) }),
      server.burst({ way, to: team, payloads: fromBot({ allowed: ['ann', 'cy'], required: ['cy'] }) }),
      server.emitApp('ann', numbersFrom(2, 10)),
    ])
    for (const name of ['ann', 'bob']) ledger.endGap(name)

    await scenario.untilOnline(ann)
    await until(() => ann.appNumbers.length >= 11, 'the app’s own recovery works', EVENT_TIMEOUT)
    scenario.check((await ann.device.state()).recovered, 'the app’s own connection is not recovered')
    scenario.check(
      ann.appNumbers.join() === numbersFrom(1, 11).join(),
      `the app’s own emits arrive as ${ann.appNumbers.join()}`,
    )
    await scenario.probe(cy, team, ann)
    const bobIsDecided = async () => {
      const { connected, refusals } = await bob.device.state()
      return recovery === 'skip-middlewares' ? connected : refusals > 0
    }
    await until(bobIsDecided, 'bob is recovered, or refused by the app’s own middleware', EVENT_TIMEOUT)

    // Bob is revoked: no message is for him any more, whether he is connected or not.
    await scenario.send({ from: cy, to: team, count: 10, expectation: mustReach('ann') })
    await scenario.send({ from: ann, to: toBob, count: 10, expectation: mayReach() })
    await server.burst({ way, to: team, payloads: fromBot(mustReach('ann', 'cy')) })
    await scenario.settle()
    await scenario.probe(cy, team, ann)
    scenario.check((await server.storedAppPackets()) >= 12, 'the recovery store does not hold the app’s own packets')
    await scenario.countStored(server, [ann, bob, cy], { withEngine: true })
  },
})

export const recoveries: readonly Row[] = [recoveryRow('skip-middlewares'), recoveryRow('run-middlewares')]

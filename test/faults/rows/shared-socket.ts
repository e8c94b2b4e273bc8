import { mustReach } from '../../support/faults/ledger.ts'
import type { Participant, Row, Scenario } from '../../support/faults/scenario.ts'
import type { ScenarioServer } from '../../support/faults/types.ts'
import { exchange, probeBothWays, toAnn, toBob, untilOffline } from './pair.ts'
import { countGhosts, shownTypists, untilShown } from './typists.ts'

const team = { group: 'team' }

/** Bob sends to ann and to the team. These clients have to receive it once, and no other may. */
async function bobSends(scenario: Scenario, bob: Participant, toAnns: string[], toTeam: string[]): Promise<void> {
  await Promise.all([
    scenario.send({ from: bob, to: toAnn, count: 10, expectation: mustReach(...toAnns), interval: 5 }),
    scenario.send({ from: bob, to: team, count: 10, expectation: mustReach(...toTeam), interval: 5 }),
  ])
  await scenario.settle()
}

export const sharedSockets: readonly Row[] = [
  {
    title: 'two clients on one socket, one of them unsubscribes',
    plainWays:
      'two components share the socket. Each joins the room of its group, and leaves it when it unmounts. A socket is in a ' +
      'room once, so the first component that leaves takes the room from the other. An app that counts them loses nothing.',
    async run(scenario) {
      const server = await scenario.startServer()
      const subscribesTo = [toBob, team]
      const ann1 = await scenario.addDevice('ann 1', { at: server, subscribesTo })
      const ann2 = await scenario.addDevice('ann 2', { at: server, subscribesTo, onSocketOf: ann1 })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn, team] })
      await scenario.untilOnline(ann1, ann2, bob)
      await scenario.probe(bob, toAnn, ann1, ann2)
      await scenario.probe(bob, team, ann1, ann2)
      await scenario.probe(ann1, toBob, bob)
      await bobSends(scenario, bob, ['ann 1', 'ann 2'], ['ann 1', 'ann 2'])
      for (const from of [ann1, ann2]) {
        await scenario.send({ from, to: toBob, count: 10, expectation: mustReach('bob'), interval: 5 })
      }
      await scenario.settle()

      // Both clients type. One of them stops.
      await ann1.device.setTyping(toBob, true)
      await ann2.device.setTyping(toBob, true)
      await untilShown(scenario, bob, 'ann')
      await ann2.device.setTyping(toBob, false)
      await scenario.probe(ann2, toBob, bob)
      scenario.check(shownTypists(bob) === 'ann', 'one client’s stop ends the typing of the other')

      // One of them unsubscribes from one conversation, then from everything.
      await ann2.device.unsubscribe(team)
      await scenario.probe(ann2, toBob, bob)
      await bobSends(scenario, bob, ['ann 1', 'ann 2'], ['ann 1'])
      await bob.device.setTyping(toAnn, true)
      await untilShown(scenario, ann1, 'bob')
      await untilShown(scenario, ann2, 'bob')
      await ann2.device.unmount()
      await scenario.probe(ann1, toBob, bob)
      scenario.check(shownTypists(bob) === 'ann', 'the end of one client ends the typing of the other')
      await bobSends(scenario, bob, ['ann 1'], ['ann 1'])
      await bob.device.setTyping(toAnn, false)
      await untilShown(scenario, ann1, '')
      await ann1.device.setTyping(toBob, false)
      await untilShown(scenario, bob, '')

      await reconnect(scenario, server, ann1, bob)
      await bobSends(scenario, bob, ['ann 1'], ['ann 1'])
      await exchange(scenario, ann1, bob)
      countGhosts(scenario, ann1, bob)
      await scenario.countStored(server, [ann1, ann2, bob], { withEngine: true })
    },
  },
  {
    title: 'the app removes the listeners of its socket, then it reconnects',
    plainWays:
      'the app joins the room of its group in a listener for `connect`, as tutorials do. It removes that listener as well, so ' +
      'the next connection is in no room. When it removes all listeners, it adds the one for messages again.',
    async run(scenario) {
      const { way, ledger } = scenario
      const server = await scenario.startServer()
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob, team] })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn, team] })
      await probeBothWays(scenario, ann, bob)
      await scenario.probe(bob, team, ann)
      await bobSends(scenario, bob, ['ann'], ['ann'])

      const removals: readonly (readonly string[] | undefined)[] = [['connect', 'disconnect'], undefined]
      for (const events of removals) {
        await bob.device.setTyping(toAnn, true)
        await untilShown(scenario, ann, 'bob')
        await ann.device.removeListeners(events)
        await server.kick('ann', 'engine')
        await untilOffline(scenario, ann)
        // Before ann can be back: within one turn of the server's event loop.
        const missed = ledger.issue(10, { allowed: ['ann', 'bob'], required: ['bob'] }, 'bot')
        await server.burst({ way, to: team, payloads: missed })
        ledger.endGap('ann')
        await bob.device.setTyping(toAnn, false)
        await probeBothWays(scenario, ann, bob)
        await scenario.probe(bob, team, ann)
        countGhosts(scenario, ann)
        await bobSends(scenario, bob, ['ann'], ['ann'])
        await exchange(scenario, ann, bob)
      }
      await scenario.countStored(server, [ann, bob], { withEngine: true })
    },
  },
]

async function reconnect(
  scenario: Scenario,
  server: ScenarioServer,
  ann: Participant,
  bob: Participant,
): Promise<void> {
  await server.kick('ann', 'engine')
  await untilOffline(scenario, ann)
  await probeBothWays(scenario, ann, bob)
  await scenario.probe(bob, team, ann)
}

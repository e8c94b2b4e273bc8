import { mayReach, mustReach } from '../../support/faults/ledger.ts'
import type { Participant, Row, Scenario } from '../../support/faults/scenario.ts'
import { sharedNow } from '../../support/until.ts'
import { toAnn, toBob } from './pair.ts'
import { countGhosts, shownTypists, untilShown } from './typists.ts'

const team = { group: 'team' }
const toCy = { user: 'cy' }

/** How soon after a logout nobody shows the user as typing any more, in milliseconds. A lease lives much longer. */
const BADGE_LIMIT = 1000

interface Talk {
  readonly laptop: Participant
  readonly bob: Participant
  /** Who is logged in on the laptop. */
  readonly toUser: { readonly user: string }
}

/** The laptop and bob send each other messages, all of which have to arrive. Nobody is shown who has pressed no key. */
async function talk(scenario: Scenario, { laptop, bob, toUser }: Talk): Promise<void> {
  await scenario.untilOnline(laptop, bob)
  await scenario.probe(laptop, toBob, bob)
  await scenario.probe(bob, toUser, laptop)
  await scenario.probe(bob, team, laptop)
  countGhosts(scenario, laptop, bob)
  const fromBob = { from: bob, count: 10, expectation: mustReach(laptop.name), interval: 5 }
  await Promise.all([
    scenario.send({ from: laptop, to: toBob, count: 10, expectation: mustReach('bob'), interval: 5 }),
    scenario.send({ ...fromBob, to: toUser }),
    scenario.send({ ...fromBob, to: team }),
  ])
  await scenario.settle()
}

/** Both type to each other. */
async function typeToEachOther(scenario: Scenario, { laptop, bob, toUser }: Talk): Promise<void> {
  await laptop.device.setTyping(toBob, true)
  await bob.device.setTyping(toUser, true)
  await untilShown(scenario, bob, toUser.user)
  await untilShown(scenario, laptop, 'bob')
}

/** The user has gone from the laptop, and pressed no key since. Neither side may show that anybody types. */
async function checkTypingEnds(scenario: Scenario, { laptop, bob, toUser }: Talk, goneAt: number): Promise<void> {
  await untilShown(scenario, bob, '')
  await untilShown(scenario, laptop, '')
  const shownFor = Math.max(...[laptop, bob].map(({ typists }) => typists.at(-1)?.at ?? goneAt)) - goneAt
  scenario.check(shownFor <= BADGE_LIMIT, `typing is shown for ${shownFor} ms after its user has gone`)
  await bob.device.setTyping(toUser, false)
}

export const identities: readonly Row[] = [
  {
    title: 'login, logout and another login on one open connection',
    plainWays:
      'at a login the server joins the socket to the room of the user, as in tutorials. After a logout it relays nothing for ' +
      'the socket, but the socket stays in the rooms that it has joined. An app that leaves each of them misdelivers nothing.',
    async run(scenario) {
      const server = await scenario.startServer()
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn, toCy, team] })
      const laptop = await scenario.addDevice('guest’s laptop', { at: server, subscribesTo: [toBob, team] })
      await scenario.untilOnline(bob)
      await scenario.untilConnected(laptop)
      const bobSendsInVain = (...conversations: readonly ({ user: string } | { group: string })[]) =>
        Promise.all(
          conversations.map((to) => scenario.send({ from: bob, to, count: 10, expectation: mayReach(), interval: 5 })),
        )
      const asAnn = { laptop, bob, toUser: toAnn }
      const asCy = { laptop, bob, toUser: toCy }

      // A guest logs in.
      await bobSendsInVain(toAnn, toCy)
      await laptop.device.logIn('ann')
      await talk(scenario, asAnn)
      await typeToEachOther(scenario, asAnn)

      // The user logs out.
      const loggedOutAt = sharedNow()
      await laptop.device.logOut()
      await checkTypingEnds(scenario, asAnn, loggedOutAt)
      scenario.check(!scenario.isOurs || !(await laptop.device.state()).online, 'the client is online after a logout')
      await bobSendsInVain(toAnn, team)
      const outcomes = await scenario.send({ from: laptop, to: toBob, count: 5, expectation: mayReach() })
      const codes = outcomes.map(({ code }) => code)
      scenario.check(!codes.includes('ok'), `after a logout, sending is answered ${codes.join()}`)

      // Another one logs in, and then, without a logout, the first one again.
      await laptop.device.logIn('cy')
      await talk(scenario, asCy)
      await bobSendsInVain(toAnn)
      await typeToEachOther(scenario, asCy)
      const switchedAt = sharedNow()
      await laptop.device.logIn('ann')
      await checkTypingEnds(scenario, asCy, switchedAt)
      await talk(scenario, asAnn)
      await bobSendsInVain(toCy)
      await scenario.probe(bob, toAnn, laptop)
      scenario.check(shownTypists(bob) === '', `bob shows ${shownTypists(bob)}, who has pressed no key`)
      await scenario.countStored(server, [laptop, bob], { withEngine: true })
    },
  },
]

import { mayReach, mustReach } from '../../support/faults/ledger.ts'
import type { Row } from '../../support/faults/scenario.ts'
import { sleep } from '../../support/until.ts'
import { countGhosts, untilShown } from './typists.ts'

const team = { group: 'team' }

/** How old eve's messages say that they are, in milliseconds: the server accepts them. */
const OLD_STAMP = 1950

/** How long they take to ann, in milliseconds: more than is left of `maxAge`. There they have expired. */
const WAY_TO_ANN = 100

const COUNT = 50
const INTERVAL = 100

/** How many of eve's messages the server has to accept at least, on a busy machine too. Otherwise nothing was tried. */
const LEAST_ACCEPTED = 10

export const stamps: readonly Row[] = [
  {
    title: 'hostile stamps: 50 messages in 5 s that have almost expired',
    plainWays:
      'eve sends the same messages. No stamp is read there, so all of them are delivered, and nothing else happens.',
    async run(scenario) {
      const server = await scenario.startServer()
      const proxy = await scenario.startProxy(server)
      proxy.delay('down', WAY_TO_ANN)
      const ann = await scenario.addDevice('ann', { at: proxy.url, subscribesTo: [team] })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [team] })
      const eve = await scenario.addDevice('eve', { at: server, subscribesTo: [team] })
      await scenario.untilOnline(ann, bob, eve)
      await scenario.probe(bob, team, ann, eve)
      await scenario.probe(eve, team, ann, bob)
      await bob.device.setTyping(team, true)
      await untilShown(scenario, ann, 'bob')
      const countHellos = () => Promise.all(['ann', 'bob', 'eve'].map((user) => server.hellos(user)))
      const hellosBefore = await countHellos()
      const shownBefore = ann.typists.length

      const hostile = scenario.ledger.issue(COUNT, mayReach('ann', 'bob'), 'eve')
      const sentByBob = scenario.send({
        from: bob,
        to: team,
        count: COUNT,
        expectation: mustReach('ann', 'eve'),
        interval: INTERVAL,
      })
      const outcomes = []
      for (const payload of hostile) {
        outcomes.push(eve.device.sendWithOldStamp(team, payload, OLD_STAMP))
        await sleep(INTERVAL)
      }
      await sentByBob
      await scenario.settle()

      const accepted = (await Promise.all(outcomes)).filter(({ code }) => code === 'ok').length
      scenario.check(accepted >= LEAST_ACCEPTED, `the server accepts only ${accepted} of eve’s messages`)
      const hostileNumbers = new Set(hostile.map(({ n }) => n))
      const expired = ann.messages.filter(({ n }) => hostileNumbers.has(n))
      scenario.check(expired.length === 0, `ann receives ${expired.length} messages that have expired`)
      const changes = ann.typists.length - shownBefore
      scenario.check(changes === 0, `what ann sees of bob’s typing changes ${changes} times`)
      const hellos = await countHellos()
      scenario.check(
        hellos.join() === hellosBefore.join(),
        `hellos: ${hellosBefore.join()} before, ${hellos.join()} after`,
      )

      await bob.device.setTyping(team, false)
      await untilShown(scenario, ann, '')
      await scenario.probe(bob, team, ann)
      countGhosts(scenario, ann)
      await scenario.countStored(server, [ann, bob, eve], { withEngine: true })
    },
  },
]

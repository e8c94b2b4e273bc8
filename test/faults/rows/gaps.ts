import { mayReach } from '../../support/faults/ledger.ts'
import type { Participant, Row, Scenario } from '../../support/faults/scenario.ts'
import { SECOND_NAMESPACE } from '../../support/faults/server.ts'
import { freePort } from '../../support/free-port.ts'
import { sleep } from '../../support/until.ts'
import { checkRecovered, connectPair, exchange, probeBothWays, toAnn, toBob } from './pair.ts'

/** How long a connection is gone, in milliseconds: longer than `maxAge`, so that whatever is stored comes late. */
const GAP = 2600

/** How many messages fill the gap at one every 40 ms, with time for their timers. */
const COUNT = Math.floor(GAP / 50)
const INTERVAL = 40

/** What ann and bob send into a gap. */
const annSends = (ann: Participant) => ({
  from: ann,
  to: toBob,
  count: COUNT,
  expectation: mayReach('bob'),
  interval: INTERVAL,
})
const bobSends = (bob: Participant) => ({
  from: bob,
  to: toAnn,
  count: COUNT,
  expectation: mayReach('ann'),
  interval: INTERVAL,
})
const bothSend = (scenario: Scenario, ann: Participant, bob: Participant) =>
  Promise.all([scenario.send(annSends(ann)), scenario.send(bobSends(bob))])

export const gaps: readonly Row[] = [
  {
    title: 'client offline, then back',
    async run(scenario) {
      const server = await scenario.startServer()
      const { ann, bob } = await connectPair(scenario, server)
      await ann.device.disconnect()
      await Promise.all([scenario.sendWhileOffline(annSends(ann)), scenario.send(bobSends(bob))])
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      await ann.device.connect()
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'network cut: lost without a close',
    async run(scenario) {
      // The server notices within two of them, before the gap is over.
      const server = await scenario.startServer({ ping: 700 })
      const proxy = await scenario.startProxy(server)
      const { ann, bob } = await connectPair(scenario, server, proxy.url)
      proxy.cut()
      await bothSend(scenario, ann, bob)
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      proxy.restore()
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'network stalls for 3 s, then goes on',
    async run(scenario) {
      const server = await scenario.startServer()
      const proxy = await scenario.startProxy(server)
      const { ann, bob } = await connectPair(scenario, server, proxy.url)
      proxy.stall()
      const sentByAnn = scenario.send({ ...annSends(ann), interval: 50 })
      const sentByBob = scenario.send({ ...bobSends(bob), interval: 50 })
      await sleep(3000)
      await scenario.countStored(server, [ann, bob])
      proxy.resume()
      // The server finds the first of them expired, and does not leave that to their receiver.
      const firstCodes = (await sentByAnn).slice(0, 5).map(({ code }) => code)
      scenario.check(
        firstCodes.every((code) => code === 'timeout'),
        `messages that arrive after 3 s are answered ${firstCodes.join()}`,
      )
      await sentByBob
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'server killed with -9, and started again',
    async run(scenario) {
      const firstProcess = await scenario.startProcess()
      const port = await freePort()
      const firstServer = await scenario.startServer({ port }, firstProcess)
      const { ann, bob } = await connectPair(scenario, firstServer)
      await firstProcess.kill()
      const [secondProcess] = await Promise.all([scenario.startProcess(), bothSend(scenario, ann, bob)])
      scenario.ledger.endGap()
      const server = await scenario.startServer({ port }, secondProcess)
      await scenario.countStored(server, [ann, bob])
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'server-side `disconnect()`',
    async run(scenario) {
      const server = await scenario.startServer()
      const { ann, bob } = await connectPair(scenario, server)
      await server.kick('ann', 'socket')
      await bothSend(scenario, ann, bob)
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      await ann.device.connect()
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'namespace kicked on a shared manager',
    async run(scenario) {
      const server = await scenario.startServer()
      const namespace = SECOND_NAMESPACE
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob], namespace })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn], namespace })
      await probeBothWays(scenario, ann, bob)
      await exchange(scenario, ann, bob)
      await server.kick('ann', 'socket', namespace)
      await bothSend(scenario, ann, bob)
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      await ann.device.connect()
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'slow handshake',
    async run(scenario) {
      const server = await scenario.startServer({ holdHandshakes: true })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
      await scenario.untilOnline(bob)
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob], heldHandshake: true })
      await Promise.all([scenario.sendWhileOffline(annSends(ann)), scenario.send(bobSends(bob))])
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      await server.acceptHandshakes()
      await checkRecovered(scenario, server, ann, bob)
    },
  },
]

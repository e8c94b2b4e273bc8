import { mayReach } from '../../support/faults/ledger.ts'
import type { Row } from '../../support/faults/scenario.ts'
import type { Direction } from '../../support/network-proxy.ts'
import { sharedNow, sleep } from '../../support/until.ts'
import { checkRecovered, connectPair, exchange, probeBothWays, stallUntilExpired, toAnn, toBob } from './pair.ts'

/** How long the way down is slow while the connection begins, in milliseconds: less than a client waits for its hello. */
const SLOW_BEGINNING = 4400

/** The way down holds everything back, from the moment when the server accepts a connection. Then it is fast. */
function slowBeginning() {
  let fastFrom = -Infinity
  return (chunk: Buffer, direction: Direction) => {
    if (direction === 'up') return 0
    const isAcceptance = chunk.includes('40{"sid"')
    if (isAcceptance) {
      fastFrom = sharedNow() + SLOW_BEGINNING
      return 0
    }
    return Math.max(0, fastFrom - sharedNow())
  }
}

export const lopsided: readonly Row[] = [
  {
    title: 'lopsided network: the way down takes 4.4 s while the connection begins',
    async run(scenario) {
      const server = await scenario.startServer()
      const proxy = await scenario.startProxy(server, { delayOf: slowBeginning() })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
      await scenario.untilOnline(bob)
      const ann = await scenario.addDevice('ann', { at: proxy.url, subscribesTo: [toBob] })
      await scenario.untilConnected(ann)
      const connectedAt = sharedNow()
      // What waits on the way is at least 3 s old when it arrives.
      await Promise.all([
        scenario.send({ from: ann, to: toBob, count: 20, expectation: mayReach('bob'), interval: 50 }),
        scenario.send({ from: bob, to: toAnn, count: 20, expectation: mayReach('ann'), interval: 50 }),
      ])
      await sleep(connectedAt + SLOW_BEGINNING - sharedNow())
      // From here on the network is fast. A wrong clock would drop what is fresh, and deliver what has expired.
      await probeBothWays(scenario, ann, bob)
      await exchange(scenario, ann, bob)
      await stallUntilExpired(scenario, proxy, ann, bob)
      await checkRecovered(scenario, server, ann, bob)
    },
  },
  {
    title: 'lopsided network: 20 ms up and 300 ms down',
    async run(scenario) {
      const server = await scenario.startServer()
      const proxy = await scenario.startProxy(server)
      proxy.delay('up', 20)
      proxy.delay('down', 300)
      const { ann, bob } = await connectPair(scenario, server, proxy.url)
      await exchange(scenario, ann, bob, 50)
      await stallUntilExpired(scenario, proxy, ann, bob)
      await checkRecovered(scenario, server, ann, bob)
    },
  },
]

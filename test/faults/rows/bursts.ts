import { mayReach, mustReach } from '../../support/faults/ledger.ts'
import type { Participant, Row, Scenario } from '../../support/faults/scenario.ts'
import type { Payload, ScenarioServer } from '../../support/faults/types.ts'
import { sleep } from '../../support/until.ts'
import { connectPair, exchange, probeBothWays, toAnn, toBob } from './pair.ts'

/** A bot inside the server sends down, while ann sends up. */
const bot = { user: 'bot' }

const toBobRequired = { to: toBob, expectation: mustReach('bob') }
const toAnnRequired = { to: toAnn, expectation: mustReach('ann') }

const numbersOf = (payloads: readonly Payload[]) => payloads.map(({ n }) => n)

/** Checks that these numbers have arrived in this order, whatever else arrived between them. */
function checkOrder(scenario: Scenario, { name, allNumbers }: Participant, expected: readonly number[]): void {
  const wanted = new Set(expected)
  const arrived = allNumbers.filter((n) => wanted.has(n))
  scenario.check(arrived.join() === expected.join(), `${name} receives ${arrived.join()} instead of ${expected.join()}`)
}

function checkNothingReordered(scenario: Scenario, ...names: readonly string[]): void {
  for (const name of names) {
    const reordered = scenario.ledger.reordered(name)
    scenario.check(!reordered.length, `${name} receives ${JSON.stringify(reordered)} in the wrong order`)
  }
}

async function checkAllArrived(
  scenario: Scenario,
  server: ScenarioServer,
  ann: Participant,
  bob: Participant,
): Promise<void> {
  await scenario.settle()
  await probeBothWays(scenario, ann, bob)
  checkNothingReordered(scenario, ann.name, bob.name)
  await scenario.countStored(server, [ann, bob], { withEngine: true })
}

/** Ann and bob, who both subscribe to the bot as well. */
async function connectPairWithBot(scenario: Scenario, server: ScenarioServer) {
  const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob, bot] })
  const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn, bot] })
  await probeBothWays(scenario, ann, bob)
  return { ann, bob }
}

export const bursts: readonly Row[] = [
  {
    title: '10 messages in one tick',
    async run(scenario) {
      const { way, ledger } = scenario
      const server = await scenario.startServer()
      const { ann, bob } = await connectPairWithBot(scenario, server)
      for (let round = 0; round < 5; round++) {
        await Promise.all([
          scenario.send({ from: ann, count: 10, ...toBobRequired }),
          scenario.send({ from: bob, count: 10, ...toAnnRequired }),
          server.burst({ way, to: toBob, payloads: ledger.issue(10, mustReach('bob'), 'bot') }),
        ])
        await sleep(50)
      }
      await checkAllArrived(scenario, server, ann, bob)
    },
  },
  {
    title: '200 messages at 5 ms',
    async run(scenario) {
      const server = await scenario.startServer()
      const { ann, bob } = await connectPair(scenario, server)
      await Promise.all([
        scenario.send({ from: ann, count: 200, interval: 5, ...toBobRequired }),
        scenario.send({ from: bob, count: 200, interval: 5, ...toAnnRequired }),
      ])
      await checkAllArrived(scenario, server, ann, bob)
    },
  },
  {
    title: 'beside the app’s own emits, before and after in one tick',
    async run(scenario) {
      const { way, ledger } = scenario
      const server = await scenario.startServer()
      const { ann, bob } = await connectPairWithBot(scenario, server)
      // The app's own emits have numbers between those of the messages.
      const sentUp: number[] = []
      for (let round = 0; round < 21; round++) {
        const payloads = ledger.issue(5, mustReach('bob'), 'ann')
        const numbers = numbersOf(payloads)
        const before = numbers[0]! - 0.5
        const after = numbers.at(-1)! + 0.5
        sentUp.push(before, ...numbers, after)
        await ann.device.sendBesideApp(toBob, payloads, before, after)
        await sleep(5)
      }
      await scenario.settle()
      checkOrder(scenario, bob, sentUp)

      const sentDown: number[] = []
      for (let round = 0; round < 21; round++) {
        const payloads = ledger.issue(5, mustReach('ann'), 'bot')
        for (const n of numbersOf(payloads)) sentDown.push(n - 0.25, n, n + 0.25)
        await server.burst({ way, to: toAnn, payloads, besideApp: true })
        await sleep(5)
      }
      await checkAllArrived(scenario, server, ann, bob)
      checkOrder(scenario, ann, sentDown)
    },
  },
  {
    title: 'during the upgrade from long-polling to websocket',
    socketTransports: ['upgrade'],
    async run(scenario) {
      const server = await scenario.startServer()
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
      await scenario.untilOnline(bob)
      // The upgrade is slow enough that many messages are sent before, during and after it.
      const proxy = await scenario.startProxy(server, { upgradeDelay: 50 })
      let begunByPolling = 0
      for (let round = 0; round < 4; round++) {
        const name = `ann ${round}`
        const ann = await scenario.addDevice(name, { at: proxy.url, subscribesTo: [toBob] })
        await scenario.untilOnline(ann)
        if ((await ann.device.state()).socketTransport === 'polling') begunByPolling++
        const sentUp = scenario.send({ from: ann, count: 150, interval: 2, ...toBobRequired })
        await scenario.probe(bob, toAnn, ann)
        await Promise.all([
          sentUp,
          scenario.send({ from: bob, to: toAnn, count: 150, expectation: mustReach(name), interval: 2 }),
        ])
        await scenario.settle()
        scenario.check((await ann.device.state()).socketTransport === 'websocket', 'there was no upgrade')
        checkNothingReordered(scenario, 'bob', name)
        await ann.device.close()
      }
      scenario.check(begunByPolling > 0, 'nothing was sent before an upgrade')
      await scenario.countStored(server, [bob], { withEngine: true })
    },
  },
  {
    title: 'client socket with `retries` and `ackTimeout`',
    async run(scenario) {
      const server = await scenario.startServer()
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob], retries: true })
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn], retries: true })
      await probeBothWays(scenario, ann, bob)
      await Promise.all([
        scenario.send({ from: ann, count: 5, ...toBobRequired }),
        scenario.send({ from: bob, count: 5, ...toAnnRequired }),
      ])
      await scenario.settle()
      await scenario.countStored(server, [ann, bob])
      await ann.device.disconnect()
      await scenario.sendWhileOffline({
        from: ann,
        to: toBob,
        count: 30,
        expectation: mayReach('bob'),
        interval: 40,
      })
      await scenario.countStored(server, [ann, bob])
      scenario.ledger.endGap()
      await ann.device.connect()
      await probeBothWays(scenario, ann, bob)
      await exchange(scenario, ann, bob)
      // Long enough for every retry.
      await sleep(1500)
      await checkAllArrived(scenario, server, ann, bob)
    },
  },
]

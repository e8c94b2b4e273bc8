import type { Row, Scenario } from '../../support/faults/scenario.ts'
import { sleep } from '../../support/until.ts'
import { checkRecovered, exchange, probeBothWays, stallUntilExpired, toAnn, toBob } from './pair.ts'

const HOUR = 3_600_000

interface ClockErrors {
  readonly client?: number
  readonly server?: number
}

/** Ann's clock, or the server's, is wrong. Fresh messages have to arrive, and expired ones have to be dropped. */
const wrongClock = (title: string, errors: ClockErrors): Row => ({
  title,
  async run(scenario) {
    const server = errors.server
      ? await scenario.startServer({ clockError: errors.server }, await scenario.startProcess())
      : await scenario.startServer()
    const proxy = await scenario.startProxy(server)
    const laptop = await scenario.startProcess()
    const annsSetup = { at: proxy.url, subscribesTo: [toBob], ...(errors.client && { clockError: errors.client }) }
    const ann = await scenario.addDevice('ann', annsSetup, laptop)
    const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
    await probeBothWays(scenario, ann, bob)
    await exchange(scenario, ann, bob, 50)
    await stallUntilExpired(scenario, proxy, ann, bob)
    await checkRecovered(scenario, server, ann, bob)
  },
})

/** Ann's clock is set forwards and back while the two talk. Fresh messages have to arrive. */
async function setClockWhileTalking(scenario: Scenario): Promise<void> {
  const server = await scenario.startServer()
  const laptop = await scenario.startProcess()
  const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob] }, laptop)
  const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
  await probeBothWays(scenario, ann, bob)
  for (const milliseconds of [HOUR, -HOUR, -HOUR, HOUR, 5000, -5000]) {
    const talking = exchange(scenario, ann, bob, 30)
    await sleep(100)
    await ann.device.moveClock(milliseconds)
    await talking
  }
  await checkRecovered(scenario, server, ann, bob)
}

export const clocks: readonly Row[] = [
  wrongClock('client’s clock an hour ahead', { client: HOUR }),
  wrongClock('client’s clock an hour behind', { client: -HOUR }),
  wrongClock('server’s clock an hour ahead', { server: HOUR }),
  { title: 'client’s clock set during the connection', run: setClockWhileTalking },
]

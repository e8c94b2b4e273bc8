import { mayReach, mustReach } from '../../support/faults/ledger.ts'
import { EVENT_TIMEOUT, type Participant, type Scenario } from '../../support/faults/scenario.ts'
import type { ScenarioServer } from '../../support/faults/types.ts'
import type { NetworkProxy } from '../../support/network-proxy.ts'
import { sleep, until } from '../../support/until.ts'

export const toAnn = { user: 'ann' }
export const toBob = { user: 'bob' }

/** Ann and bob send each other messages, all of which have to arrive. */
export async function exchange(scenario: Scenario, ann: Participant, bob: Participant, count = 10): Promise<void> {
  await Promise.all([
    scenario.send({ from: ann, to: toBob, count, expectation: mustReach(bob.name), interval: 10 }),
    scenario.send({ from: bob, to: toAnn, count, expectation: mustReach(ann.name), interval: 10 }),
  ])
  await scenario.settle()
}

/** Waits until ann and bob reach each other. Whatever they sent before has come, or never will. */
export async function probeBothWays(scenario: Scenario, ann: Participant, bob: Participant): Promise<void> {
  await scenario.untilOnline(ann, bob)
  await Promise.all([scenario.probe(ann, toBob, bob), scenario.probe(bob, toAnn, ann)])
}

/** Waits until the device knows that its connection has ended, and says that it is not online. */
export async function untilOffline(scenario: Scenario, { name, device }: Participant): Promise<void> {
  await until(async () => !(await device.state()).connected, `${name} is not connected`, EVENT_TIMEOUT)
  const { connected, online } = await device.state()
  scenario.check(connected || !online, `${name} is online without a connection`)
}

/** The network before ann stalls so long that the first messages expire. */
export async function stallUntilExpired(
  scenario: Scenario,
  proxy: NetworkProxy,
  ann: Participant,
  bob: Participant,
): Promise<void> {
  proxy.stall()
  const sent = [
    scenario.send({ from: ann, to: toBob, count: 20, expectation: mayReach('bob'), interval: 10 }),
    scenario.send({ from: bob, to: toAnn, count: 20, expectation: mayReach('ann'), interval: 10 }),
  ]
  await sleep(2600)
  proxy.resume()
  await Promise.all(sent)
}

/** Connects ann, by `annsWay` to the server, and bob, directly. They talk. */
export async function connectPair(
  scenario: Scenario,
  server: ScenarioServer,
  annsWay: ScenarioServer | string = server,
): Promise<{ readonly ann: Participant; readonly bob: Participant }> {
  const ann = await scenario.addDevice('ann', { at: annsWay, subscribesTo: [toBob] })
  const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
  await probeBothWays(scenario, ann, bob)
  await exchange(scenario, ann, bob)
  return { ann, bob }
}

/** After the fault: ann and bob talk as before, nothing of the fault's time arrives any more, and nothing is stored. */
export async function checkRecovered(
  scenario: Scenario,
  server: ScenarioServer,
  ann: Participant,
  bob: Participant,
): Promise<void> {
  await probeBothWays(scenario, ann, bob)
  await exchange(scenario, ann, bob)
  await probeBothWays(scenario, ann, bob)
  await scenario.countStored(server, [ann, bob], { withEngine: true })
}

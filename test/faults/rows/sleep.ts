import { mayReach } from '../../support/faults/ledger.ts'
import type { Participant, Row, Scenario } from '../../support/faults/scenario.ts'
import { sharedNow, sleep } from '../../support/until.ts'
import { checkRecovered, exchange, probeBothWays, toAnn, toBob } from './pair.ts'
import { shownTypists, untilShown } from './typists.ts'

/** How long a device sleeps, in milliseconds: longer than `maxAge`. */
const SLEEP_MS = 3000

/** Ping interval and timeout, in milliseconds. The connection ends after their sum at the latest: before the device wakes. */
const SHORT_PING = 1000

/** How soon after waking a device shows no typist any more who has stopped, in milliseconds. */
const BADGE_LIMIT = 1000

/** A badge that this participant has shown since it woke, though nobody typed, is a late message. */
function countStaleBadges(scenario: Scenario, participant: Participant, wokeAt: number): void {
  const shown = participant.typists.filter(({ ids, at }) => at > wokeAt && ids.length > 0)
  scenario.ledger.recordViolation('late', shown.length)
}

/** Waits until the badge is gone, and compares when that was with when the device woke, by the device's own stamps. */
async function checkBadgeGone(scenario: Scenario, participant: Participant, wokeAt: number): Promise<void> {
  await untilShown(scenario, participant, '')
  const goneAt = participant.typists.at(-1)!.at
  scenario.check(goneAt - wokeAt <= BADGE_LIMIT, `the badge is gone ${goneAt - wokeAt} ms after waking`)
}

interface Sleeping {
  readonly title: string
  readonly steadyClockRuns: boolean
  /** @default Socket.IO's: the connection survives the sleep */
  readonly ping?: number
}

/** Ann's laptop sleeps while bob sends and stops typing. In the tick in which it wakes, it sends. */
const sleepRow = ({ title, steadyClockRuns, ping }: Sleeping): Row => ({
  title,
  async run(scenario) {
    const server = await scenario.startServer({ ...(ping && { ping }) })
    const laptop = await scenario.startProcess()
    const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob] }, laptop)
    const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
    await probeBothWays(scenario, ann, bob)
    await exchange(scenario, ann, bob)
    await bob.device.setTyping(toAnn, true)
    await untilShown(scenario, ann, 'bob')

    const waking = ann.device.sleepThenSend({
      milliseconds: SLEEP_MS,
      steadyClockRuns,
      to: toBob,
      thenSend: scenario.ledger.issue(5, mayReach('bob')),
    })
    const sentDuringSleep = scenario.send({
      from: bob,
      to: toAnn,
      count: 40,
      expectation: mayReach('ann'),
      interval: 25,
    })
    await sleep(SLEEP_MS / 4)
    await bob.device.setTyping(toAnn, false)
    await sentDuringSleep
    const { wokeAt, outcomes } = await waking
    const codes = outcomes.map(({ code }) => code)
    if (ping) {
      // The connection has ended: what ann sends into it would arrive by the next one.
      scenario.ledger.endGap()
      scenario.check(!codes.includes('ok'), `on waking, sending is answered ${codes.join()}`)
    } else {
      scenario.check(
        codes.every((code) => code === 'ok'),
        `on waking, sending is answered ${codes.join()}`,
      )
    }
    if (scenario.isOurs) await checkBadgeGone(scenario, ann, wokeAt)
    await sleep(Math.max(0, wokeAt + BADGE_LIMIT - sharedNow()))
    await scenario.countStored(server, [ann, bob])
    await checkRecovered(scenario, server, ann, bob)
    if (scenario.isOurs) countStaleBadges(scenario, ann, wokeAt)
    scenario.check(shownTypists(ann) === '', `ann still shows ${shownTypists(ann)}`)
  },
})

export const sleeping: readonly Row[] = [
  sleepRow({
    title: 'laptop sleep past the ping, `connected` still true',
    steadyClockRuns: false,
    ping: SHORT_PING,
  }),
  sleepRow({
    title: 'page frozen past the ping, `connected` still true',
    steadyClockRuns: true,
    ping: SHORT_PING,
  }),
  sleepRow({ title: 'laptop sleep, the connection outlives it', steadyClockRuns: false }),
  sleepRow({ title: 'page frozen for 3 s, the connection outlives it', steadyClockRuns: true }),
  {
    title: 'background tab, timers throttled to one a minute',
    async run(scenario) {
      const server = await scenario.startServer({ ping: 2000 })
      const tab = await scenario.startProcess()
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob] }, tab)
      const bob = await scenario.addDevice('bob', { at: server, subscribesTo: [toAnn] })
      await probeBothWays(scenario, ann, bob)
      await ann.device.throttleTimers(60_000)
      for (let round = 1; round <= 3; round++) {
        await bob.device.setTyping(toAnn, true)
        await exchange(scenario, ann, bob, 20)
        await bob.device.setTyping(toAnn, false)
        await exchange(scenario, ann, bob, 20)
        const isShownOnce = shownTypists(ann) === '' && ann.typists.length === 2 * round
        scenario.check(isShownOnce, `after round ${round} ann has shown ${JSON.stringify(ann.typists)}`)
        await sleep(1000)
      }
      await checkRecovered(scenario, server, ann, bob)
    },
  },
]

import type { ClusterRow, ClusterScenario, ScenarioNode, Talk } from '../../support/faults/cluster-scenario.ts'
import { type Expectation, mayReach, mustReach } from '../../support/faults/ledger.ts'
import type { TestClient } from '../../support/server/harness.ts'
import { sharedNow, sleep } from '../../support/until.ts'

const group = { group: 'team' }

/** How long the engine is away, in milliseconds. */
const OUTAGE = 5000

/** Within this time after it is back everything has to be right, in milliseconds. */
const HEAL_TIME = 3000

/** S5: a typist whose node has died is gone within this time, in milliseconds. */
const VANISH_TIME = 8000

/** Bob, on another node, has to receive every message; so does Cy, on the sender's node. */
const everywhere = mustReach('bob', 'cy')

/** Bob may receive a message, because the engine is away. Cy has to: delivery within a node does not depend on it. */
const locally = { allowed: ['bob', 'cy'], required: ['cy'] }

/** Eve may receive it as well, on a node to which something happens. */
const withEve = { allowed: ['bob', 'cy', 'eve'], required: ['bob', 'cy'] }

interface Pair {
  readonly one: ScenarioNode
  readonly two: ScenarioNode
  readonly ann: TestClient
  readonly bob: TestClient
  readonly talk: Talk
}

/** Ann talks on one node. Cy reads on the same node, and Bob on another one. */
async function startTalk(scenario: ClusterScenario): Promise<Pair> {
  const [one, two] = [await scenario.startNode(), await scenario.startNode()]
  const ann = await scenario.connect('ann', one.server)
  const bob = await scenario.connect('bob', two.server)
  const cy = await scenario.connect('cy', one.server)
  await scenario.receive(bob, 'bob', group)
  await scenario.receive(cy, 'cy', group)
  const talk = scenario.talk(ann, group, everywhere)
  await scenario.untilReached('bob', HEAL_TIME)
  return { one, two, ann, bob, talk }
}

/** Ends a talk whose messages all arrive again. */
async function endTalk(scenario: ClusterScenario, talk: Talk, expectation: Expectation = everywhere): Promise<void> {
  talk.expect(expectation)
  await scenario.untilReached('bob', HEAL_TIME)
  talk.end()
  await scenario.settle()
}

/** Ann's typing ends during an outage, and Dan's begins: after it, Bob has to see that. */
async function outage(scenario: ClusterScenario, { stop, goOn }: { stop(): unknown; goOn(): unknown }): Promise<void> {
  const { one, ann, bob, talk } = await startTalk(scenario)
  const states = await scenario.watch(bob, group)
  ann.client.typing(group).startActivity('typing')
  await scenario.untilTypists(states, ['ann'], HEAL_TIME)

  // What is on its way when the engine goes away is lost.
  talk.expect(locally)
  await sleep(200)
  const stoppedAt = sharedNow()
  await stop()
  ann.client.typing(group).stop()
  const dan = await scenario.connect('dan', one.server)
  dan.client.typing(group).startActivity('typing')
  await sleep(OUTAGE - (sharedNow() - stoppedAt))
  await goOn()
  const backAt = sharedNow()
  await scenario.untilReached('bob', HEAL_TIME)
  await scenario.untilTypists(states, ['dan'], Math.max(0, HEAL_TIME - (sharedNow() - backAt)))
  await endTalk(scenario, talk)
}

const engineStalls: ClusterRow = {
  title: 'the engine stalls for 5 s, then goes on',
  run: (scenario) => outage(scenario, { stop: () => scenario.engine.pause(), goOn: () => scenario.engine.resume() }),
}

const engineKilled: ClusterRow = {
  title: 'the engine is killed, and started again after 5 s',
  run: (scenario) => outage(scenario, { stop: () => scenario.engine.kill(), goOn: () => scenario.engine.restart() }),
}

const engineAndNodeKilled: ClusterRow = {
  title: 'three nodes: the engine is killed for 5 s, then a node with -9',
  async run(scenario) {
    const { bob, talk } = await startTalk(scenario)
    const dying = await scenario.startNodeProcess()
    const eve = await scenario.connect('eve', dying.url)
    talk.expect(withEve)
    // Across nodes, G2 holds within the error bound of the clocks: nothing from before may be on its way.
    await sleep(200)
    await scenario.receive(eve, 'eve', group)
    const states = await scenario.watch(bob, group)
    eve.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)

    talk.expect({ allowed: ['bob', 'cy', 'eve'], required: ['cy'] })
    await sleep(200)
    await scenario.engine.kill()
    await sleep(OUTAGE)
    await scenario.engine.restart()
    await scenario.untilReached('bob', HEAL_TIME)
    await scenario.untilReached('eve', HEAL_TIME)
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)

    // The death of a node takes nothing from the others.
    talk.expect(withEve)
    await sleep(200)
    await dying.kill()
    await scenario.untilTypists(states, [], VANISH_TIME)
    await endTalk(scenario, talk, withEve)
  },
}

const nodeKilled: ClusterRow = {
  title: 'a node is killed with -9 while somebody types there',
  async run(scenario) {
    const { bob, talk } = await startTalk(scenario)
    const dying = await scenario.startNodeProcess()
    const eve = await scenario.connect('eve', dying.url)
    const states = await scenario.watch(bob, group)
    eve.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)
    await dying.kill()
    await scenario.untilTypists(states, [], VANISH_TIME)
    await endTalk(scenario, talk)
  },
}

const nodePaused: ClusterRow = {
  title: 'a node is paused for 5 s, then goes on',
  async run(scenario) {
    const { bob, talk } = await startTalk(scenario)
    const paused = await scenario.startNodeProcess()
    const eve = await scenario.connect('eve', paused.url)
    talk.expect(withEve)
    // Across nodes, G2 holds within the error bound of the clocks: nothing from before may be on its way.
    await sleep(200)
    await scenario.receive(eve, 'eve', group)
    const states = await scenario.watch(bob, group)
    eve.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)
    await scenario.untilReached('eve', HEAL_TIME)
    paused.pause()
    await sleep(OUTAGE)
    // What was sent during the pause waits in its sockets, and must not be delivered now.
    paused.resume()
    await scenario.untilReached('eve', HEAL_TIME)
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)
    await endTalk(scenario, talk, withEve)
  },
}

const nodeRestarted: ClusterRow = {
  title: 'a node is closed while somebody types there, and started again',
  async run(scenario) {
    const { bob, talk } = await startTalk(scenario)
    const closing = await scenario.startNodeProcess()
    const eve = await scenario.connect('eve', closing.url)
    const states = await scenario.watch(bob, group)
    eve.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)
    await closing.stop()
    // It says so, and nobody has to wait for leases to expire.
    await scenario.untilTypists(states, [], 1000)
    const started = await scenario.startNodeProcess()
    const eveAgain = await scenario.connect('eve', started.url)
    eveAgain.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['eve'], HEAL_TIME)
    await endTalk(scenario, talk)
  },
}

const clocksApart: ClusterRow = {
  title: 'the clocks of three nodes are two hours apart',
  async run(scenario) {
    const hour = 3_600_000
    const here = await scenario.startNode()
    const ahead = await scenario.startNodeProcess(2 * hour)
    const behind = await scenario.startNodeProcess(-2 * hour)
    const ann = await scenario.connect('ann', here.server)
    const bob = await scenario.connect('bob', ahead.url)
    const cy = await scenario.connect('cy', behind.url)
    for (const [client, name] of [
      [ann, 'ann'],
      [bob, 'bob'],
      [cy, 'cy'],
    ] as const) {
      await scenario.receive(client, name, group)
    }
    for (const node of [ahead, behind]) await scenario.untilSubscribed(node)
    const states = await scenario.watch(ann, group)
    await scenario.send(bob, group, 20, mustReach('ann', 'cy'))
    await scenario.send(cy, group, 20, mustReach('ann', 'bob'))
    await scenario.send(ann, group, 20, mustReach('bob', 'cy'))
    bob.client.typing(group).startActivity('typing')
    cy.client.typing(group).startActivity('typing')
    await scenario.untilTypists(states, ['bob', 'cy'], HEAL_TIME)
    await scenario.settle()
    for (const node of [ahead, behind]) {
      const { expired } = (await node.stats()).dropped
      scenario.check(expired === 0, `${expired} messages count as expired`)
    }
  },
}

const slowLink: ClusterRow = {
  title: 'a node whose way from the engine takes 0.2 to 0.6 s',
  async run(scenario) {
    const one = await scenario.startNode()
    // The same delay for messages in one tick: a connection keeps their order.
    const two = await scenario.startNode({ delay: () => 400 + 200 * Math.sin(sharedNow() / 1000) })
    const ann = await scenario.connect('ann', one.server)
    const bob = await scenario.connect('bob', two.server)
    await scenario.receive(bob, 'bob', { user: 'ann' })
    const states = await scenario.watch(bob, { user: 'ann' })
    for (let round = 0; round < 10; round++) {
      await scenario.send(ann, { user: 'bob' }, 5, mustReach('bob'))
      await sleep(200)
    }
    ann.client.typing({ user: 'bob' }).startActivity('typing')
    await scenario.untilTypists(states, ['ann'], HEAL_TIME)
    ann.client.typing({ user: 'bob' }).stop()
    await scenario.untilTypists(states, [], HEAL_TIME)
    await scenario.settle()
  },
}

const repeatedAndReordered: ClusterRow = {
  title: 'messages between nodes arrive twice and overtake each other',
  async run(scenario) {
    const one = await scenario.startNode()
    const two = await scenario.startNode({ delay: () => Math.random() * 150, copies: () => 2 })
    const ann = await scenario.connect('ann', one.server)
    const bob = await scenario.connect('bob', two.server)
    await scenario.receive(bob, 'bob', group)
    const states = await scenario.watch(bob, group)
    await scenario.send(ann, group, 100, mustReach('bob'))
    for (let round = 0; round < 5; round++) {
      ann.client.typing(group).startActivity('typing')
      await scenario.untilTypists(states, ['ann'], HEAL_TIME)
      ann.client.typing(group).stop()
      await scenario.untilTypists(states, [], HEAL_TIME)
    }
    // An end that was overtaken by its beginning would show her again.
    await sleep(300)
    await scenario.untilTypists(states, [], 0)
    await scenario.settle()
  },
}

const lateDevice: ClusterRow = {
  title: 'a device subscribes while the bus is slow',
  async run(scenario) {
    const [one, two] = [await scenario.startNode(), await scenario.startNode()]
    const ann = await scenario.connect('ann', one.server)
    const phone = await scenario.connect('bob', two.server)
    await scenario.receive(phone, 'phone', { user: 'ann' })
    await scenario.send(ann, { user: 'bob' }, 1, mustReach('phone'))
    await scenario.settle()
    two.bus.hold()
    // G2: sent before the laptop subscribes.
    await scenario.send(ann, { user: 'bob' }, 5, mustReach('phone'))
    await sleep(100)
    const laptop = await scenario.connect('bob laptop', two.server)
    await scenario.receive(laptop, 'laptop', { user: 'ann' })
    await sleep(100)
    two.bus.release()
    await scenario.send(ann, { user: 'bob' }, 5, mustReach('phone', 'laptop'))
    await scenario.settle()
    // G1: held until they have expired.
    two.bus.hold()
    await scenario.send(ann, { user: 'bob' }, 5, mayReach())
    await sleep(2300)
    two.bus.release()
    await scenario.send(ann, { user: 'bob' }, 5, mustReach('phone', 'laptop'))
    await scenario.settle()
  },
}

/** The fault table of several nodes, row by row. */
export const clusterRows: readonly ClusterRow[] = [
  engineStalls,
  engineKilled,
  engineAndNodeKilled,
  nodeKilled,
  nodePaused,
  nodeRestarted,
  clocksApart,
  slowLink,
  repeatedAndReordered,
  lateDevice,
]

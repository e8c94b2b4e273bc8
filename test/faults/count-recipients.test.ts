import { expect, test } from 'vitest'
import { mayReach } from '../support/faults/ledger.ts'
import { runScenario } from '../support/faults/run-scenario.ts'
import type { Row } from '../support/faults/scenario.ts'
import { toAnn, toBob } from './rows/pair.ts'

/** With `countRecipients` the answer says how many devices have received the message. */
const row: Row = {
  title: 'countRecipients',
  async run(scenario) {
    const server = await scenario.startServer({ countRecipients: true })
    const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob] })
    await scenario.untilOnline(ann)
    const recipients = async () => {
      const expectation = mayReach('bob 1', 'bob 2')
      const [outcome] = await scenario.send({ from: ann, to: toBob, count: 1, expectation })
      return outcome?.recipients
    }
    expect(await recipients()).toBe(0)
    const bob1 = await scenario.addDevice('bob 1', { at: server, subscribesTo: [toAnn] })
    await scenario.untilOnline(bob1)
    await scenario.probe(ann, toBob, bob1)
    expect(await recipients()).toBe(1)
    const bob2 = await scenario.addDevice('bob 2', { at: server, subscribesTo: [toAnn] })
    await scenario.untilOnline(bob2)
    await scenario.probe(ann, toBob, bob1, bob2)
    expect(await recipients()).toBe(2)
    await bob1.device.disconnect()
    await scenario.probe(bob2, toAnn, ann)
    await expect.poll(recipients).toBe(1)
    await bob2.device.disconnect()
    await expect.poll(recipients).toBe(0)
  },
}

test.each(['websocket', 'polling'] as const)(
  'countRecipients: the answer counts 0 when nobody is online, over %s',
  async (socketTransport) => {
    const { problems } = await runScenario(row, 'ours', socketTransport)
    expect(problems).toEqual([])
  },
)

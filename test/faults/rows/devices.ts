import { mustReach } from '../../support/faults/ledger.ts'
import type { Participant, Row } from '../../support/faults/scenario.ts'
import { toAnn, toBob } from './pair.ts'
import { shownTypists } from './typists.ts'

const team = { group: 'team' }

export const devices: readonly Row[] = [
  {
    title: 'two devices, one connected later or again',
    async run(scenario) {
      const server = await scenario.startServer()
      const bobSubscribesTo = [toAnn, team]
      const annSubscribesTo = [toBob, team]
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: annSubscribesTo })
      // Ann's own messages must not reach it.
      const annsOtherDevice = await scenario.addDevice('ann’s other one', { at: server, subscribesTo: annSubscribesTo })
      const bob1 = await scenario.addDevice('bob 1', { at: server, subscribesTo: bobSubscribesTo })
      /** Ann sends to bob and to the team. These devices have to receive it, and no other may. */
      const sendToBoth = async (...receivers: readonly Participant[]) => {
        const expectation = mustReach(...receivers.map(({ name }) => name))
        for (const to of [toBob, team]) {
          await scenario.send({ from: ann, to, count: 10, expectation, interval: 5 })
        }
        await scenario.settle()
      }
      await scenario.untilOnline(ann, bob1)
      await scenario.probe(ann, toBob, bob1)
      await scenario.probe(ann, team, bob1)
      await sendToBoth(bob1)

      const bob2 = await scenario.addDevice('bob 2', { at: server, subscribesTo: bobSubscribesTo })
      await scenario.untilOnline(bob2)
      await scenario.probe(ann, toBob, bob2)
      await scenario.probe(ann, team, bob1, bob2)
      await sendToBoth(bob1, bob2)

      await bob2.device.disconnect()
      await sendToBoth(bob1)
      await bob2.device.connect()
      await scenario.untilOnline(bob2)
      await scenario.probe(ann, toBob, bob1, bob2)
      await scenario.probe(ann, team, bob1, bob2)
      await scenario.countStored(server, [ann, annsOtherDevice, bob1, bob2], { withEngine: true })
    },
  },
  {
    title: "`deliverTo: 'active-device'`, two devices at once",
    async run(scenario) {
      const server = await scenario.startServer({ deliverTo: 'active-device' })
      const ann = await scenario.addDevice('ann', { at: server, subscribesTo: [toBob] })
      const bob1 = await scenario.addDevice('bob 1', { at: server, subscribesTo: [toAnn] })
      await scenario.untilOnline(ann, bob1)
      await scenario.probe(ann, toBob, bob1)
      const bob2 = await scenario.addDevice('bob 2', { at: server, subscribesTo: [toAnn] })
      await scenario.untilOnline(bob2)
      await scenario.probe(ann, toBob, bob2)
      const sendAndSettle = async ({ name }: Participant) => {
        await scenario.send({ from: ann, to: toBob, count: 10, expectation: mustReach(name), interval: 5 })
        await scenario.settle()
      }

      // The device that connected last is active at first. Then it is the device that was last used.
      await sendAndSettle(bob2)
      await ann.device.setTyping(toBob, true)
      await scenario.probe(ann, toBob, bob2)
      scenario.check(
        shownTypists(bob2) === 'ann' && shownTypists(bob1) === '',
        `device 1 shows ${shownTypists(bob1)}, device 2 ${shownTypists(bob2)}`,
      )
      const uses = [
        { active: bob1, idle: bob2 },
        { active: bob2, idle: bob1 },
        { active: bob1, idle: bob2 },
      ]
      for (const { active, idle } of uses) {
        await scenario.send({ from: active, to: toAnn, count: 1, expectation: mustReach('ann') })
        await scenario.settle()
        await sendAndSettle(active)
        scenario.check(
          shownTypists(active) === 'ann' && shownTypists(idle) === '',
          'typing does not move to the active device',
        )
      }

      await bob1.device.disconnect()
      await scenario.probe(ann, toBob, bob2)
      await sendAndSettle(bob2)
      scenario.check(shownTypists(bob2) === 'ann', 'typing does not move to the device that is left')
      await ann.device.setTyping(toBob, false)
      await scenario.probe(ann, toBob, bob2)
      scenario.check(shownTypists(bob2) === '' && shownTypists(bob1) === '', 'typing does not end')
      await scenario.countStored(server, [ann, bob1, bob2], { withEngine: true })
    },
  },
]

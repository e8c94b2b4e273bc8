import { sleep } from '../../support/faults/clock.ts'
import type { Player, Row } from '../../support/faults/stage.ts'
import { toAnn, toBob } from './pair.ts'

const team = { group: 'team' }

const shown = ({ typists }: Player) => typists.at(-1)?.ids.join() ?? ''

export const devices: readonly Row[] = [
  {
    title: 'two devices, one connected later or again',
    async play(stage) {
      const server = await stage.server()
      const hears = [toAnn, team]
      const ann = await stage.join('ann', { at: server, hears: [toBob, team] })
      const own = await stage.join('ann’s other one', { at: server, hears: [toBob, team] })
      const ann2 = { ...own, user: 'ann' }
      const one = await stage.join('bob 1', { at: server, hears })
      await stage.online(ann, one)
      await stage.open(ann, toBob, one)
      await stage.open(ann, team, one)
      const toOne = { may: ['bob 1'], must: ['bob 1'] }
      await stage.send(ann, toBob, 10, toOne, 5)
      await stage.send(ann, team, 10, toOne, 5)
      await stage.settle()

      const two = await stage.join('bob 2', { at: server, hears })
      await stage.online(two)
      await stage.open(ann, toBob, two)
      const toBoth = { may: ['bob 1', 'bob 2'], must: ['bob 1', 'bob 2'] }
      await stage.open(ann, team, one, two)
      await stage.send(ann, toBob, 10, toBoth, 5)
      await stage.send(ann, team, 10, toBoth, 5)
      await stage.settle()

      await two.device.disconnect()
      await stage.send(ann, toBob, 10, toOne, 5)
      await stage.send(ann, team, 10, toOne, 5)
      await stage.settle()
      await two.device.connect()
      await stage.online(two)
      await stage.open(ann, toBob, one, two)
      await stage.open(ann, team, one, two)
      await stage.look(server, [ann, ann2, one, two], true)
    },
  },
  {
    title: "`deliverTo: 'active-device'`, two devices at once",
    async play(stage) {
      const server = await stage.server({ deliverTo: 'active-device' })
      const ann = await stage.join('ann', { at: server, hears: [toBob] })
      const one = await stage.join('bob 1', { at: server, hears: [toAnn] })
      await stage.online(ann, one)
      await stage.open(ann, toBob, one)
      const two = await stage.join('bob 2', { at: server, hears: [toAnn] })
      await stage.online(two)
      await stage.open(ann, toBob, two)
      const sendTo = async (name: string) => {
        await stage.send(ann, toBob, 10, { may: [name], must: [name] }, 5)
        await stage.settle()
      }
      // The last one connected; then whichever is used.
      await sendTo('bob 2')
      await ann.device.type(toBob, true)
      await stage.open(ann, toBob, two)
      stage.check(shown(two) === 'ann' && shown(one) === '', `typing shows on 1: ${shown(one)}, on 2: ${shown(two)}`)
      for (const [used, unused] of [
        [one, two],
        [two, one],
        [one, two],
      ] as const) {
        await stage.send(used, toAnn, 1, { may: ['ann'], must: ['ann'] })
        await stage.settle()
        await sendTo(used.name)
        stage.check(shown(used) === 'ann' && shown(unused) === '', 'typing does not move to the device in use')
      }
      await one.device.disconnect()
      await stage.open(ann, toBob, two)
      await sendTo('bob 2')
      stage.check(shown(two) === 'ann', 'typing does not move to the device that is left')
      await ann.device.type(toBob, false)
      await stage.open(ann, toBob, two)
      stage.check(shown(two) === '' && shown(one) === '', 'typing does not end')
      await sleep(0)
      await stage.look(server, [ann, one, two], true)
    },
  },
]

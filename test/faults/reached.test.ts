import { expect, test } from 'vitest'
import { play, type Row } from '../support/faults/stage.ts'
import { toBob, toAnn } from './rows/pair.ts'

/** With `countRecipients` the sender learns how many devices there were, none among the answers. */
const row: Row = {
  title: 'countRecipients',
  async play(stage) {
    const server = await stage.server({ countRecipients: true })
    const ann = await stage.join('ann', { at: server, hears: [toBob] })
    await stage.online(ann)
    const reached = async () => {
      const [outcome] = await stage.send(ann, toBob, 1, { may: ['bob 1', 'bob 2'] })
      return outcome?.recipients
    }
    expect(await reached()).toBe(0)
    const one = await stage.join('bob 1', { at: server, hears: [toAnn] })
    await stage.online(one)
    await stage.open(ann, toBob, one)
    expect(await reached()).toBe(1)
    const two = await stage.join('bob 2', { at: server, hears: [toAnn] })
    await stage.online(two)
    await stage.open(ann, toBob, one, two)
    expect(await reached()).toBe(2)
    await one.device.disconnect()
    await stage.open(two, toAnn, ann)
    await expect.poll(reached).toBe(1)
    await two.device.disconnect()
    await expect.poll(reached).toBe(0)
  },
}

test.each(['websocket', 'polling'] as const)(
  'countRecipients: the sender is told 0 when nobody is there, over %s',
  async (carrier) => {
    const { problems } = await play(row, 'ours', carrier)
    expect(problems).toEqual([])
  },
)

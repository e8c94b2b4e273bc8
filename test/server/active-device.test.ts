import { afterEach, describe, expect, test } from 'vitest'
import { ACTIVE } from '../../src/core/transport/wire.ts'
import { allQuiet, CARRIERS, closeAll, names, startServer, type TestServer, until } from '../support/server/harness.ts'

afterEach(closeAll)

const fromAnn = { user: 'ann' }
const toBob = { user: 'bob' }

describe.each(CARRIERS)('deliverTo: active-device, over %s', (carrier) => {
  const start = () => startServer({ plugin: { deliverTo: 'active-device', countRecipients: true } })
  /** A device of Bob's, with the messages and typing it receives. */
  async function device(server: TestServer) {
    const bob = await server.connect('bob', { carrier })
    return { ...bob, heard: await bob.hear(fromAnn), states: await bob.watch(fromAnn) }
  }

  test('G2: exactly one device gets a message: the one that was last connected or used', async () => {
    const server = await start()
    const ann = await server.connect('ann', { carrier })
    const phone = await device(server)
    const laptop = await device(server)
    const heard = async () => {
      expect(await ann.client.send(toBob, 'note')).toEqual({ ok: true, recipients: 1 })
      await allQuiet(ann, phone, laptop)
      return [phone, laptop].map((device) => device.heard.splice(0).length)
    }
    expect(await heard()).toEqual([0, 1])
    await phone.client.send({ group: 'elsewhere' }, 'note')
    expect(await heard()).toEqual([1, 0])
    laptop.client.typing({ user: 'cy' }).keystroke()
    await laptop.settled()
    expect(await heard()).toEqual([0, 1])
    phone.socket.emit(ACTIVE)
    await phone.settled()
    expect(await heard()).toEqual([1, 0])
    phone.socket.disconnect()
    await until(() => server.online.stats().connections === 2)
    expect(await ann.client.send(toBob, 'note')).toEqual({ ok: true, recipients: 1 })
    await laptop.settled()
    expect([phone.heard, laptop.heard.length]).toEqual([[], 1])
    // Back again it is the latest.
    phone.socket.connect()
    await until(() => phone.client.connection.getState() === 'online')
    await phone.settled()
    laptop.heard.length = 0
    expect(await heard()).toEqual([1, 0])
  })

  test('only subscribed devices count: one that was used later and is subscribed elsewhere does not get it', async () => {
    const server = await start()
    const ann = await server.connect('ann', { carrier })
    const phone = await device(server)
    const laptop = await server.connect('bob', { carrier })
    const elsewhere = await laptop.hear({ user: 'cy' })
    expect(await ann.client.send(toBob, 'note')).toEqual({ ok: true, recipients: 1 })
    await allQuiet(phone, laptop)
    expect([phone.heard.length, elsewhere.length]).toEqual([1, 0])
  })

  test('typing shows on that device alone, and moves when another one is used, connected or gone', async () => {
    const server = await start()
    const ann = await server.connect('ann', { carrier })
    const phone = await device(server)
    const laptop = await device(server)
    const shown = async () => {
      await allQuiet(ann, phone, laptop)
      return [phone, laptop].map(({ states }) => names(states.at(-1))?.length ?? 0)
    }
    ann.client.typing(toBob).startActivity('typing')
    expect(await shown()).toEqual([0, 1])
    await phone.client.send({ group: 'elsewhere' }, 'note')
    expect(await shown()).toEqual([1, 0])
    laptop.client.typing({ group: 'elsewhere' }).keystroke()
    expect(await shown()).toEqual([0, 1])
    const tablet = await device(server)
    expect([...(await shown()), names(tablet.states.at(-1))]).toEqual([0, 0, ['ann']])
    tablet.close()
    await until(() => server.online.stats().connections === 3)
    expect(await shown()).toEqual([0, 1])
    ann.client.typing(toBob).stop()
    expect(await shown()).toEqual([0, 0])
    ann.client.typing(toBob).keystroke()
    expect(await shown()).toEqual([0, 1])
  })

  test('in a group every device gets everything', async () => {
    const server = await start()
    const ann = await server.connect('ann', { carrier })
    const devices = await Promise.all(['bob', 'bob'].map((user) => server.connect(user, { carrier })))
    const heard = await Promise.all(devices.map((bob) => bob.hear({ group: 'team' })))
    const states = await Promise.all(devices.map((bob) => bob.watch({ group: 'team' })))
    expect(await ann.client.send({ group: 'team' }, 'note')).toEqual({ ok: true, recipients: 2 })
    ann.client.typing({ group: 'team' }).keystroke()
    await allQuiet(ann, ...devices)
    expect([heard.map(({ length }) => length), states.map(({ length }) => length)]).toEqual([
      [1, 1],
      [1, 1],
    ])
  })
})

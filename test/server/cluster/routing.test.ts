import { afterEach, describe, expect, test } from 'vitest'
import { startMemoryNodes } from '../../support/cluster/nodes.ts'
import { closeAll, names, type TestServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }

afterEach(closeAll)

describe('nodes on a bus', () => {
  test('one-to-one: a message arrives on the node that reads the conversation', async () => {
    const { nodes } = await startMemoryNodes(3)
    const [ann, bob] = [await nodes[0].connect('ann'), await nodes[1].connect('bob')]
    const heard = await bob.hear({ user: 'ann' })
    await ann.client.send({ user: 'bob' }, 'note', { text: 'hi "there"\n' })
    await until(() => heard.length === 1)
    expect(heard[0]).toMatchObject({ data: { text: 'hi "there"\n' }, from: { id: 'ann' } })
    expect(nodes[2].online.stats().bus).toMatchObject({ messagesIn: 0 })
  })

  test('typing begins, is seen by a node that subscribes later, and ends', async () => {
    const { nodes } = await startMemoryNodes(3)
    const [ann, bob, cy] = [await nodes[0].connect('ann'), await nodes[1].connect('bob'), await nodes[2].connect('cy')]
    const states = await bob.watch(group)
    ann.client.typing(group).startActivity('typing')
    await until(() => names(states.at(-1))?.join() === 'ann')
    const later = await cy.watch(group)
    await until(() => names(later.at(-1))?.join() === 'ann')
    ann.client.typing(group).stop()
    await until(() => names(states.at(-1))?.length === 0 && names(later.at(-1))?.length === 0)
  })

  test('countRecipients counts over all nodes', async () => {
    const { nodes } = await startMemoryNodes(3, { countRecipients: true })
    const ann = await nodes[0].connect('ann')
    for (const node of [nodes[0], nodes[1], nodes[1], nodes[2]]) await (await node.connect('bob')).hear({ user: 'ann' })
    expect(await ann.client.send({ user: 'bob' }, 'note')).toEqual({ ok: true, recipients: 4 })
  })

  test('revoke reaches the other nodes', async () => {
    const { nodes } = await startMemoryNodes(2)
    const bob = await nodes[1].connect('bob')
    await bob.hear(group)
    nodes[0].online.revoke({ user: 'bob' })
    await until(() => bob.errors.length > 0)
  })

  test('active-device: the device that was used last has it', async () => {
    const { nodes } = await startMemoryNodes(3, { deliverTo: 'active-device' })
    const ann = await nodes[0].connect('ann')
    const device = async (node: TestServer) => {
      const bob = await node.connect('bob')
      return { ...bob, heard: await bob.hear({ user: 'ann' }) }
    }
    const [phone, laptop] = [await device(nodes[1]), await device(nodes[2])]
    const expectActive = async (active: typeof phone, other: typeof phone) => {
      active.heard.length = other.heard.length = 0
      await ann.client.send({ user: 'bob' }, 'note', 1)
      await until(() => active.heard.length === 1)
      await other.settled()
      expect(other.heard).toEqual([])
    }
    await expectActive(laptop, phone)
    await phone.client.send({ group: 'elsewhere' }, 'note')
    await expectActive(phone, laptop)
    laptop.socket.emit('om:active')
    await laptop.settled()
    await expectActive(laptop, phone)
    laptop.socket.disconnect()
    await until(() => !laptop.socket.connected)
    phone.heard.length = 0
    await until(() => {
      void ann.client.send({ user: 'bob' }, 'note', 2)
      return phone.heard.length > 0
    })
  })
})

import { describe, expect, test } from 'vitest'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { names, roundTrip, until } from '../../support/server/harness.ts'
import { type FakeNode, startFakeNode } from '../../support/cluster/fake-node.ts'
import { startNode } from '../../support/cluster/nodes.ts'
import { shareRedis } from '../../support/cluster/share-redis.ts'

const group = { group: 'team' }
const ann = { id: 'ann', name: 'Ann' }

const redis = shareRedis()

/** A real node to which Bob is connected, and a fake one. */
async function start(plugin: Partial<OnlineMessageServerOptions> = {}) {
  const [node, fake] = await Promise.all([startNode(redis.port, plugin), startFakeNode(redis.port)])
  const bob = await node.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  await until(() => fake.received.length, 'the first heartbeat of the node')
  return { node, fake, bob, heard, states }
}

/** The values of an online message that Ann sends to the group. */
const message = (data: string, at: number = Date.now()) => [0, at, ann, group, 'note', JSON.stringify(data)] as const

/** The values of a lease in the group. */
const lease = (device: number, id: string) => [device, { id }, group, 'typing', Date.now()] as const

/** How often the node has asked a fake node for a snapshot. */
const snapshotRequests = (fake: FakeNode, name = 'fake') =>
  fake.receivedOf('heartbeat').filter(([, , , , , requests]) => (requests as string[]).includes(name)).length

describe('a message of another node', () => {
  test('G1: waits until the clock of its node is known, in order, and no longer than maxAge', async () => {
    const { node, fake, heard } = await start()
    for (const data of ['one', 'two']) fake.publish('message', ...message(data))
    await until(() => node.online.stats().bus?.nodes === 1)
    expect(heard).toEqual([])
    fake.heartbeat()
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])

    const other = await startFakeNode(redis.port, 'another')
    other.publish('message', ...message('too long'))
    await until(() => node.online.stats().bus?.lost === 1, 'the message is dropped', 4000)
    await until(() => other.received.length)
    other.heartbeat()
    other.publish('message', ...message('three'))
    await until(() => heard.length === 3)
    expect(heard.at(-1)?.data).toBe('three')
  })

  test('T1: is dropped when it arrives twice; when one is missing, its node is asked for a snapshot', async () => {
    const { node, fake, heard } = await start()
    fake.heartbeat()
    fake.publish('message', ...message('one'))
    fake.publishRaw(1, 'fake', fake.latestNumber(), Date.now(), 'message', ...message('again'))
    // The fake node has nothing.
    fake.publish('snapshot', 0, 1, [])
    fake.publish('message', ...message('two'))
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])
    const before = snapshotRequests(fake)
    fake.skipNumbers(3)
    fake.publish('message', ...message('three'))
    await until(() => snapshotRequests(fake) > before)
    expect(node.online.stats().bus).toMatchObject({ messagesIn: 3, lost: 3 })
  })

  test('may be one chunk of a snapshot: whatever is not in the snapshot has ended', async () => {
    const { node, fake, states } = await start()
    fake.heartbeat()
    fake.publish('lease', ...lease(1, 'ann'))
    fake.publish('lease', ...lease(2, 'cy'))
    await until(() => names(states.at(-1))?.join() === 'ann,cy')
    fake.publish('snapshot', 0, 2, [['lease', ...lease(2, 'cy')]])
    fake.publish('snapshot', 1, 2, [['lease', ...lease(3, 'dan')]])
    await until(() => names(states.at(-1))?.includes('dan'))
    expect(names(states.at(-1))?.sort()).toEqual(['cy', 'dan'])
    expect(node.online.stats()).toMatchObject({ leases: 0, bus: { leases: 2 } })
    // A snapshot without its first chunk is not used.
    fake.publish('snapshot', 1, 2, [])
    // Nor is one that lacks a chunk in the middle.
    for (const chunk of [0, 2, 2]) fake.publish('snapshot', chunk, 3, [])
    fake.publish('lease', ...lease(4, 'eve'))
    await until(() => names(states.at(-1))?.includes('eve'))
    expect(names(states.at(-1))?.length).toBe(3)
    fake.publish('leave')
    await until(() => states.at(-1)?.total === 0)
    expect(node.online.stats().bus).toMatchObject({ nodes: 0, leases: 0 })
  })

  test('is not believed when it has expired: its node is asked for a snapshot of who types', async () => {
    const { fake, states } = await start()
    fake.heartbeat()
    fake.publish('snapshot', 0, 1, [])
    const expired = lease(1, 'ann')
    fake.publishRaw(1, 'fake', fake.latestNumber() + 1, Date.now() - 3000, 'lease', ...expired)
    fake.skipNumbers(1)
    const before = snapshotRequests(fake)
    await until(() => snapshotRequests(fake) > before)
    expect(states).toEqual([])
    fake.publish('snapshot', 0, 1, [['lease', ...expired]])
    await until(() => states.at(-1)?.total === 1)
  })

  test.each([
    ['the other node', '!'],
    ['this node', 'z'],
  ] as const)(
    'G2: when two devices are active in the same instant, the node whose id comes first has the active device: %s',
    async (which, name) => {
      const node = await startNode(redis.port, { deliverTo: 'active-device' })
      const fake = await startFakeNode(redis.port, name)
      await until(() => fake.received.length)
      fake.heartbeat()
      fake.publish('snapshot', 0, 1, [])
      const bob = await node.connect('bob')
      const heard = await bob.hear({ user: 'ann' })
      /** When Bob's device was active, as the node has published it. */
      const published = () =>
        fake
          .receivedOf('active-device')
          .filter(([, , , , , receiver]) => receiver === 'bob')
          .map((packet) => packet[7] as number)
      await until(() => published().length === 1)
      fake.publish('active-device', 'bob', { user: 'ann' }, published()[0], false)
      // The node answers with a time that is clearly earlier or later.
      await until(() => published().length === 2)
      expect(Math.sign(published()[1]! - published()[0]!)).toBe(which === 'this node' ? 1 : -1)
      fake.publish('message', 0, Date.now(), ann, { user: 'bob' }, 'note', '1')
      fake.publish('message', 0, Date.now(), ann, { user: 'bob', thread: 'end' }, 'note', '2')
      await until(() => node.online.stats().bus?.messagesIn === 2)
      await bob.settled()
      expect(heard.length).toBe(which === 'this node' ? 1 : 0)
    },
  )

  test('is ignored when it is of another version or of an unknown kind', async () => {
    const { node, fake, heard } = await start()
    fake.heartbeat()
    fake.publishRaw(2, 'fake', 99, Date.now(), 'message', ...message('of the future'))
    fake.publish('sing', 'la la la')
    fake.publish('constructor')
    fake.publish('message', ...message('one'))
    await until(() => heard.length === 1)
    expect(heard[0]?.data).toBe('one')
    expect(node.online.stats().bus?.nodes).toBe(1)
  })

  test('is checked before it is used: wrong values do not harm a node', async () => {
    const { node, fake, bob, heard, states } = await start({ deliverTo: 'active-device', countRecipients: true })
    await bob.hear({ user: 'ann' })
    fake.heartbeat()
    fake.publish('snapshot', 0, 1, [])
    const wrongValues: unknown[] = [
      null,
      true,
      -1,
      1e308,
      '',
      'x',
      'x'.repeat(300),
      [],
      [[]],
      {},
      { id: 7 },
      { id: 'ann' },
      group,
    ]
    for (const wrong of wrongValues) {
      fake.publishRaw(wrong)
      fake.publishRaw(1, wrong, 7, 7, 'message')
      fake.publishRaw(1, 'rubbish', wrong, Date.now(), 'message', ...message('bad number'))
      fake.publishRaw(1, 'rubbish', 1e6, wrong, 'message', ...message('bad time'))
      fake.publishRaw(1, 'rubbish', 1e6, Date.now(), wrong)
      for (const kind of [
        'heartbeat',
        'snapshot',
        'recipients',
        'active-device',
        'revocation',
        'reidentification',
        'lease',
      ])
        fake.publish(kind, wrong, wrong, wrong, wrong, wrong)
      const good = message('good')
      for (let at = 1; at < good.length; at++) {
        const bad: unknown[] = [...good]
        bad[at] = wrong
        // Any other string may be the data or the command of an app.
        const isValid = (at === 5 && typeof wrong === 'string') || (at === 4 && wrong === 'x')
        if (!isValid) fake.publish('message', ...bad)
      }
      fake.publish('active-device', 'bob', { user: 'ann' }, wrong)
      fake.publish('heartbeat', [wrong], [[node.online, wrong, wrong], wrong])
      fake.publish('snapshot', 0, 1, [
        wrong,
        ['lease', wrong],
        [wrong],
        ['active-device', wrong, wrong, wrong],
        ['revocation', wrong, wrong, wrong, wrong],
      ])
    }
    fake.heartbeat()
    fake.publish('message', ...message('end'))
    await until(() => heard.some(({ data }) => data === 'end'))
    // A message that is valid by chance comes from Ann, in the group.
    expect(heard.filter(({ data }) => data !== 'end').every(({ from }) => from.id === 'ann')).toBe(true)
    expect(states.filter(({ total }) => total)).toEqual([])
    expect(node.online.stats().connections).toBe(1)
  })

  test('G1: with a time in the future does not outlive maxAge, and with one in the past has expired', async () => {
    const { node, fake, heard } = await start()
    const times: number[] = []
    const cy = await node.raw('cy')
    cy.on('om:message', (at: number) => times.push(at))
    cy.emit('om:subscribe', [group])
    await roundTrip(cy)
    fake.heartbeat()
    fake.publish('message', ...message('past', Date.now() - 3000))
    fake.publish('message', ...message('future', Date.now() + 60_000))
    await until(() => heard.length === 1)
    expect(heard[0]?.data).toBe('future')
    await until(() => times.length === 1)
    expect(times[0]! - Date.now()).toBeLessThan(1000)
    expect(node.online.stats().dropped.expired).toBe(1)
  })
})

test('a revocation counts however late it arrives, once, and spares the subscriptions that began after it', async () => {
  const { node, fake, bob, heard } = await start()
  fake.heartbeat()
  const revokedAt = Date.now()
  await until(() => Date.now() > revokedAt + 50, 'some time passes')
  const laterDevice = await node.connect('bob')
  const heardLater = await laterDevice.hear(group)
  fake.publish('snapshot', 0, 1, [['revocation', revokedAt, 'bob', group]])
  fake.publish('snapshot', 0, 1, [['revocation', revokedAt, 'bob', group]])
  await until(() => bob.errors.length)
  fake.publish('message', ...message('for the later device'))
  await until(() => heardLater.length === 1)
  expect([heard, bob.errors.length, laterDevice.errors.length]).toEqual([[], 2, 0])
})

import { afterEach, describe, expect, test } from 'vitest'
import type { Conversation } from '../../../src/core/index.ts'
import type { BusMessage, PublishedLease, PublishedMessage } from '../../../src/server/cluster/bus-message.ts'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { createFakeNode, type FakeNode, type FakeNodeOptions } from '../../support/cluster/fake-node.ts'
import { createMemoryEngine } from '../../support/cluster/memory-engine.ts'
import { closeAll, roundTrip, startServer, until } from '../../support/server/harness.ts'

const group = { group: 'team' }
const ann = { id: 'ann', name: 'Ann' }

afterEach(closeAll)

/** A real node to which Bob is connected, and a fake one, on an engine in this process. */
async function start(plugin: Partial<OnlineMessageServerOptions> = {}) {
  const engine = createMemoryEngine()
  const node = await startServer({ plugin: { bus: engine.connect().bus, ...plugin } })
  const addFake = (options: Omit<FakeNodeOptions, 'bus'> = {}) =>
    createFakeNode({ bus: engine.connect().bus, ...options })
  const fake = addFake()
  const bob = await node.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  return { engine, node, fake, addFake, bob, heard, states, channel: channelOf(fake) }
}

const channelOf = (fake: FakeNode, conversation: Conversation = group) =>
  fake.channels.conversation('ann', conversation)

/** An online message that Ann sends. */
const message = (data: unknown, age = 0): PublishedMessage => ({
  kind: 'message',
  countId: 0,
  age,
  user: ann,
  command: 'note',
  data: JSON.stringify(data),
})

const leases = (...list: readonly PublishedLease[]): BusMessage => ({ kind: 'leases', channel: '', leases: list })
const lease = (device: number, id: string, since = Date.now()): PublishedLease => ({
  device,
  user: { id },
  session: { activity: 'typing', since },
})

describe('a message of another node', () => {
  test('G1, K1: waits until the clock of its node is known, in order, and no longer than maxAge', async () => {
    const { node, fake, addFake, heard, channel } = await start()
    fake.answersClock = false
    for (const data of ['one', 'two']) fake.publish(channel, message(data))
    await until(() => node.online.stats().bus?.nodes === 1 && fake.receivedOf('clock-question').length > 0)
    expect(heard).toEqual([])
    fake.answersClock = true
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])

    const other = addFake({ id: 'another', answersClock: false })
    other.publish(channel, message('too long'))
    await until(() => node.online.stats().bus?.dropped === 1, 'the message is dropped', 4000)
    other.answersClock = true
    other.publish(channel, message('three'))
    await until(() => heard.length === 3)
    expect(heard.at(-1)?.data).toBe('three')
  })

  test.each([7_200_000, -7_200_000])(
    'is as old as it is, also when the clock of its node is %d ms ahead',
    async (ahead) => {
      const { addFake, heard, states, channel } = await start()
      const far = addFake({ id: 'far', ahead })
      const began = Date.now()
      far.publish(channel, message('young'))
      far.publishAs({ channel, message: message('old'), number: 500, sentAt: far.now() - 2500 })
      far.publish(channel, leases(lease(1, 'ann', far.now())))
      await until(() => states.length === 1)
      expect(heard.map(({ data }) => data)).toEqual(['young'])
      expect(Math.abs(states[0]!.typists[0]!.since - began)).toBeLessThan(1000)
    },
  )

  test('T1: is dropped when it arrives twice', async () => {
    const { node, fake, heard, channel } = await start()
    fake.publish(channel, message('one'))
    fake.publishAs({ channel, message: message('again'), number: fake.latestNumber() })
    // Numbers that are missing are no reason for anything: this node does not read every channel.
    fake.publishAs({ channel, message: message('two'), number: 1000 })
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])
    expect(node.online.stats().bus).toMatchObject({ messagesIn: 2, dropped: 1 })
    expect(fake.receivedOf('question')).toEqual([])
  })

  test('G2: reaches only the devices that were subscribed when it was sent', async () => {
    const { node, fake, heard, channel } = await start()
    fake.publish(channel, message('hello'))
    await until(() => heard.length === 1)
    const sentAt = fake.now()
    await until(() => fake.now() > sentAt + 50, 'some time passes')
    const later = await node.connect('bob')
    const heardLater = await later.hear(group)
    fake.publishAs({ channel, message: message('before'), number: 100, sentAt })
    fake.publish(channel, message('after'))
    await until(() => heardLater.length === 1)
    expect([heard, heardLater].map((list) => list.map(({ data }) => data))).toEqual([
      ['hello', 'before', 'after'],
      ['after'],
    ])
  })

  test('T3: one-to-one, counts only when it is the other party’s', async () => {
    const { node, fake, bob } = await start()
    const heard = await bob.hear({ user: 'ann' })
    const states = await bob.watch({ user: 'ann' })
    const direct = channelOf(fake, { user: 'bob' })
    fake.publish(direct, { ...message('mallory was here'), user: { id: 'mallory' } })
    fake.publish(direct, leases(lease(1, 'mallory')))
    fake.publish(direct, message('hello'))
    await until(() => heard.length === 1)
    expect([heard[0]?.from.id, states, node.online.stats().bus?.leases]).toEqual(['ann', [], 0])
  })

  test('is not believed when it has expired: a lease does not begin, and one that is younger does', async () => {
    const { fake, states, heard, channel } = await start()
    fake.publish(channel, message('hello'))
    await until(() => heard.length === 1)
    fake.publishAs({ channel, message: leases(lease(1, 'ann')), number: 100, sentAt: fake.now() - 3000 })
    fake.publish(channel, message('and'))
    await until(() => heard.length === 2)
    expect(states).toEqual([])
    fake.publish(channel, leases(lease(1, 'ann')))
    await until(() => states.at(-1)?.total === 1)
  })

  test('is ignored when it is of another version or of an unknown kind', async () => {
    const { node, fake, heard, channel } = await start()
    fake.publishText(channel, `[3,"other",99,${Date.now()},"message",0,0,{"id":"ann"},"note"]\n"of the future"`)
    fake.publishText(channel, `[2,"other",99,${Date.now()},"sing","la la la"]`)
    fake.publishText(channel, `[2,"other",99,${Date.now()},"constructor"]`)
    fake.publish(channel, message('one'))
    await until(() => heard.length === 1)
    expect(heard[0]?.data).toBe('one')
    expect(node.online.stats().bus?.nodes).toBe(1)
  })

  test('is checked before it is used: wrong values do not harm a node', async () => {
    const { engine, node, fake, bob, heard, states, channel } = await start({
      deliverTo: 'active-device',
      countRecipients: true,
    })
    await bob.hear({ user: 'ann' })
    fake.publish(channel, message('hello'))
    await until(() => heard.length === 1)
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
    const kinds = [
      'message',
      'recipients',
      'leases',
      'question',
      'clock-question',
      'clock-answer',
      'active-device',
      'revocation',
      'reidentification',
    ]
    let number = 10_000
    /** On every channel that the node reads. */
    const publishEverywhere = (values: readonly unknown[], data?: string) => {
      for (const where of engine.channels()) {
        const text = JSON.stringify(values)
        fake.publishText(where, data === undefined ? text : `${text}\n${data}`)
      }
    }
    const header = () => [2, 'fake', ++number, fake.now()]
    for (const wrong of wrongValues) {
      publishEverywhere([wrong])
      publishEverywhere([2, wrong, 7, 7, 'message', 0, 0, ann, 'note'], '1')
      publishEverywhere([2, 'rubbish', wrong, Date.now(), 'message', 0, 0, ann, 'note'], '1')
      publishEverywhere([2, 'rubbish', 1e6, wrong, 'message', 0, 0, ann, 'note'], '1')
      publishEverywhere([2, 'rubbish', 1e6, Date.now(), wrong])
      for (const kind of kinds) {
        publishEverywhere([...header(), kind, wrong, wrong, wrong, wrong, wrong], '1')
        publishEverywhere([...header(), kind])
        const good = [0, 0, ann, 'note']
        for (let at = 0; at < good.length; at++) {
          const bad: unknown[] = [...good]
          bad[at] = wrong
          // Any other string may be the command of an app.
          if (kind === 'message' && at === 3 && typeof wrong === 'string') continue
          publishEverywhere([...header(), kind, ...bad], '"bad"')
        }
      }
      publishEverywhere([
        ...header(),
        'leases',
        '',
        [wrong, [wrong], [1, wrong, wrong, wrong], [1, { id: 'ann' }, wrong]],
      ])
      publishEverywhere([...header(), 'active-device', wrong, wrong])
      publishEverywhere([...header(), 'revocation', Date.now(), wrong, wrong])
    }
    fake.publishAs({ channel, message: message('end'), number: 1_000_000 })
    await until(() => heard.some(({ data }) => data === 'end'))
    // A message that is valid by chance comes from Ann, in the group.
    expect(heard.every(({ from }) => from.id === 'ann')).toBe(true)
    expect(states.filter(({ total }) => total)).toEqual([])
    expect(node.online.stats().connections).toBe(1)
  })

  test('G1: with a time in the future does not outlive maxAge, and with one in the past has expired', async () => {
    const { node, fake, heard, channel } = await start()
    const times: number[] = []
    const cy = await node.raw('cy')
    cy.on('om:message', (at: number) => times.push(at))
    cy.emit('om:subscribe', [group])
    await roundTrip(cy)
    fake.publish(channel, message('past', 3000))
    fake.publish(channel, message('hello'))
    await until(() => heard.length === 1)
    // Within what counts as an error of the clock.
    fake.publishAs({ channel, message: message('future'), number: 100, sentAt: fake.now() + 45 })
    await until(() => heard.length === 2 && times.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['hello', 'future'])
    expect(times[1]! - Date.now()).toBeLessThanOrEqual(1)
    expect(node.online.stats().dropped.expired).toBe(1)
  })

  test('K2: of a sender with old stamps is dropped, and causes no message between the nodes', async () => {
    const { engine, node, fake, heard, channel } = await start()
    fake.publish(channel, message('hello'))
    await until(() => heard.length === 1)
    fake.received.length = 0
    engine.resetCounts()
    for (let n = 0; n < 50; n++) fake.publish(channel, message(n, 2100))
    fake.publish(channel, message('end'))
    await until(() => heard.length === 2)
    expect(node.online.stats().dropped.expired).toBe(50)
    expect([fake.received, engine.counts.messagesIn]).toEqual([[], 51])
  })
})

test('a node reads what its devices are subscribed to, and publishes a message once, whoever reads it', async () => {
  const { engine, node, fake, bob } = await start()
  await bob.hear({ user: 'ann', thread: 'lunch' })
  const { channels } = fake
  expect(engine.channels().filter((name) => !name.startsWith('node:'))).toEqual([
    channels.user('bob'),
    channels.conversation('ann', group),
    channels.conversation('ann', { user: 'bob', thread: 'lunch' }),
  ])
  fake.read(channels.conversation('bob', { user: 'ann' }))
  fake.read(channels.conversation('bob', group))
  await new Promise(setImmediate)
  engine.resetCounts()
  await bob.client.send({ user: 'ann' }, 'note', 'hi')
  await bob.client.send({ user: 'cy' }, 'note', 'nobody reads this')
  await until(() => fake.receivedOf('message').length === 1)
  expect(engine.counts).toMatchObject({ messagesIn: 2, messagesOut: 1 })
  expect(node.online.stats().dropped.offline).toBe(1)
})

test('a node that counts its devices answers the sender’s node alone', async () => {
  const { fake, bob, heard, channel } = await start()
  fake.read(channel)
  fake.publish(channel, { ...message('one'), countId: 7 })
  await until(() => heard.length === 1 && fake.receivedOf('recipients').length === 1)
  await bob.settled()
  expect(fake.received.filter(({ message: { kind } }) => kind === 'recipients')).toMatchObject([
    { channel: fake.channels.node('fake'), message: { countId: 7, recipients: 1 } },
  ])
})

test('a revocation counts however late it arrives, and spares the subscriptions that began after it', async () => {
  const { node, fake, bob, heard, channel } = await start()
  const revokedAt = fake.now()
  await until(() => fake.now() > revokedAt + 50, 'some time passes')
  const laterDevice = await node.connect('bob')
  const heardLater = await laterDevice.hear(group)
  const notice = { kind: 'revocation', at: revokedAt, user: 'bob', conversation: group } as const
  fake.publishAs({ channel: fake.channels.user('bob'), message: notice, sentAt: fake.now() - 10_000, number: 100 })
  fake.publish(fake.channels.user('bob'), notice)
  await until(() => bob.errors.length)
  fake.publish(channel, message('for the later device'))
  await until(() => heardLater.length === 1)
  // One error for each of the two subscribers in the tab.
  expect([heard, bob.errors.length, laterDevice.errors.length]).toEqual([[], 2, 0])
})

import { describe, expect, test } from 'vitest'
import type { OnlineMessageServerOptions } from '../../../src/server/index.ts'
import { names, roundTrip, until } from '../../support/server/harness.ts'
import { startNode } from '../../support/cluster/nodes.ts'
import { shareRedis } from '../../support/cluster/share-redis.ts'
import { type Message, startStranger } from '../../support/cluster/stranger.ts'

const group = { group: 'team' }
const ann = { id: 'ann', name: 'Ann' }

const redis = shareRedis()

async function start(plugin: Partial<OnlineMessageServerOptions> = {}) {
  const [node, stranger] = await Promise.all([startNode(redis.port, plugin), startStranger(redis.port)])
  const bob = await node.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  await until(() => stranger.heard.length, 'the node says that it is there')
  return { node, stranger, bob, heard, states }
}

const message = (data: string, at: number = Date.now()) => [0, at, ann, group, 'note', JSON.stringify(data)] as const
const asksFor = (heard: readonly Message[], name: string) =>
  heard.filter(([, , , , kind, asks]) => kind === 'beat' && (asks as string[]).includes(name)).length

describe('what comes over the bus', () => {
  test('waits for the clock of its node, in order, and no longer than maxAge', async () => {
    const { node, stranger, heard } = await start()
    for (const data of ['one', 'two']) stranger.say('say', ...message(data))
    await until(() => node.online.stats().bus?.nodes === 1)
    expect(heard).toEqual([])
    stranger.beat()
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])

    const other = await startStranger(redis.port, 'another')
    other.say('say', ...message('too long'))
    await until(() => node.online.stats().bus?.lost === 1, 'given up', 4000)
    await until(() => other.heard.length)
    other.beat()
    other.say('say', ...message('three'))
    await until(() => heard.length === 3)
    expect(heard.at(-1)?.data).toBe('three')
  })

  test('is dropped when it comes twice, and asked for when something is missing', async () => {
    const { node, stranger, heard } = await start()
    stranger.beat()
    stranger.say('say', ...message('one'))
    stranger.raw(1, 'stranger', stranger.number(), Date.now(), 'say', ...message('again'))
    // All it has, which is nothing.
    stranger.say('all', 0, 1, [])
    stranger.say('say', ...message('two'))
    await until(() => heard.length === 2)
    expect(heard.map(({ data }) => data)).toEqual(['one', 'two'])
    const before = asksFor(stranger.heard, 'stranger')
    stranger.skip(3)
    stranger.say('say', ...message('three'))
    await until(() => asksFor(stranger.heard, 'stranger') > before)
    expect(node.online.stats().bus).toMatchObject({ messagesIn: 3, lost: 3 })
  })

  test('says all that its node has: what is not in it any more is gone, and parts make a whole', async () => {
    const { node, stranger, states } = await start()
    stranger.beat()
    const lease = (device: number, id: string, activity = 'typing') => [device, { id }, group, activity, Date.now()]
    stranger.say('lease', ...lease(1, 'ann'))
    stranger.say('lease', ...lease(2, 'cy'))
    await until(() => names(states.at(-1))?.join() === 'ann,cy')
    stranger.say('all', 0, 2, [['lease', lease(2, 'cy')]])
    stranger.say('all', 1, 2, [['lease', lease(3, 'dan')]])
    await until(() => names(states.at(-1))?.includes('dan'))
    expect(names(states.at(-1))?.sort()).toEqual(['cy', 'dan'])
    expect(node.online.stats()).toMatchObject({ leases: 0, bus: { leases: 2 } })
    // A part whose beginning is missing is no whole.
    stranger.say('all', 1, 2, [])
    // Nor one whose middle is.
    for (const part of [0, 2, 2]) stranger.say('all', part, 3, [])
    stranger.say('lease', ...lease(4, 'eve'))
    await until(() => names(states.at(-1))?.includes('eve'))
    expect(names(states.at(-1))?.length).toBe(3)
    stranger.say('bye')
    await until(() => states.at(-1)?.total === 0)
    expect(node.online.stats().bus).toMatchObject({ nodes: 0, leases: 0 })
  })

  test('is not believed when it is old: who types is asked anew', async () => {
    const { stranger, states } = await start()
    stranger.beat()
    stranger.say('all', 0, 1, [])
    const lease = [1, { id: 'ann' }, group, 'typing', Date.now()]
    stranger.raw(1, 'stranger', stranger.number() + 1, Date.now() - 3000, 'lease', ...lease)
    stranger.skip(1)
    const before = asksFor(stranger.heard, 'stranger')
    await until(() => asksFor(stranger.heard, 'stranger') > before)
    expect(states).toEqual([])
    stranger.say('all', 0, 1, [['lease', lease]])
    await until(() => states.at(-1)?.total === 1)
  })

  test.each([
    ['the other one', '!'],
    ['this one', 'z'],
  ] as const)(
    'settles two uses of the same instant: the node whose name comes first has the latest device, %s',
    async (which, name) => {
      const node = await startNode(redis.port, { deliverTo: 'active-device' })
      const stranger = await startStranger(redis.port, name)
      await until(() => stranger.heard.length)
      stranger.beat()
      stranger.say('all', 0, 1, [])
      const bob = await node.connect('bob')
      const heard = await bob.hear({ user: 'ann' })
      const told = () =>
        stranger.heard.filter(([, , , , kind, user]) => kind === 'use' && user === 'bob').map((use) => use[7] as number)
      await until(() => told().length === 1)
      stranger.say('use', 'bob', { user: 'ann' }, told()[0], false)
      // It answers, clearly earlier or later.
      await until(() => told().length === 2)
      expect(Math.sign(told()[1]! - told()[0]!)).toBe(which === 'this one' ? 1 : -1)
      stranger.say('say', 0, Date.now(), ann, { user: 'bob' }, 'note', '1')
      stranger.say('say', 0, Date.now(), ann, { user: 'bob', thread: 'end' }, 'note', '2')
      await until(() => node.online.stats().bus?.messagesIn === 2)
      await bob.settled()
      expect(heard.length).toBe(which === 'this one' ? 1 : 0)
    },
  )

  test('of another version, or of a kind that is not known, is ignored', async () => {
    const { node, stranger, heard } = await start()
    stranger.beat()
    stranger.raw(2, 'stranger', 99, Date.now(), 'say', ...message('of the future'))
    stranger.say('sing', 'la la la')
    stranger.say('constructor')
    stranger.say('say', ...message('one'))
    await until(() => heard.length === 1)
    expect(heard[0]?.data).toBe('one')
    expect(node.online.stats().bus?.nodes).toBe(1)
  })

  test('is checked before use: no rubbish harms a node', async () => {
    const { node, stranger, bob, heard, states } = await start({ deliverTo: 'active-device', countRecipients: true })
    await bob.hear({ user: 'ann' })
    stranger.beat()
    stranger.say('all', 0, 1, [])
    const rubbish: unknown[] = [
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
    for (const wrong of rubbish) {
      stranger.raw(wrong)
      stranger.raw(1, wrong, 7, 7, 'say')
      stranger.raw(1, 'rubbish', wrong, Date.now(), 'say', ...message('bad number'))
      stranger.raw(1, 'rubbish', 1e6, wrong, 'say', ...message('bad stamp'))
      stranger.raw(1, 'rubbish', 1e6, Date.now(), wrong)
      for (const kind of ['beat', 'all', 'reached', 'use', 'revoke', 'lease'])
        stranger.say(kind, wrong, wrong, wrong, wrong, wrong)
      const good = message('good')
      for (let at = 1; at < good.length; at++) {
        const bad: unknown[] = [...good]
        bad[at] = wrong
        // Data that is any other string is an app's own business.
        if (!(at === 5 && typeof wrong === 'string') && !(at === 4 && wrong === 'x')) stranger.say('say', ...bad)
      }
      stranger.say('use', 'bob', { user: 'ann' }, wrong)
      stranger.say('beat', [wrong], [[node.online, wrong, wrong], wrong])
      stranger.say('all', 0, 1, [
        wrong,
        ['lease', wrong],
        [wrong, []],
        ['use', [wrong, wrong, wrong]],
        ['revoke', [wrong, wrong, wrong, wrong]],
      ])
    }
    stranger.beat()
    stranger.say('say', ...message('end'))
    await until(() => heard.some(({ data }) => data === 'end'))
    // What is well-formed by chance comes from Ann, in the group.
    expect(heard.filter(({ data }) => data !== 'end').every(({ from }) => from.id === 'ann')).toBe(true)
    expect(states.filter(({ total }) => total)).toEqual([])
    expect(node.online.stats().connections).toBe(1)
  })

  test('a stamp from the future does not outlive maxAge, and one from the past is late', async () => {
    const { node, stranger, heard } = await start()
    const stamps: number[] = []
    const cy = await node.raw('cy')
    cy.on('om:message', (at: number) => stamps.push(at))
    cy.emit('om:subscribe', [group])
    await roundTrip(cy)
    stranger.beat()
    stranger.say('say', ...message('past', Date.now() - 3000))
    stranger.say('say', ...message('future', Date.now() + 60_000))
    await until(() => heard.length === 1)
    expect(heard[0]?.data).toBe('future')
    await until(() => stamps.length === 1)
    expect(stamps[0]! - Date.now()).toBeLessThan(1000)
    expect(node.online.stats().dropped.expired).toBe(1)
  })
})

test('a revocation counts however late it comes, once, and spares what began after it', async () => {
  const { node, stranger, bob, heard } = await start()
  stranger.beat()
  const revoked = Date.now()
  await until(() => Date.now() > revoked + 50, 'some time passes')
  const carl = await node.connect('bob')
  const later = await carl.hear(group)
  stranger.say('all', 0, 1, [['revoke', [revoked, 'bob', group]]])
  stranger.say('all', 0, 1, [['revoke', [revoked, 'bob', group]]])
  await until(() => bob.errors.length)
  stranger.say('say', ...message('for carl'))
  await until(() => later.length === 1)
  expect([heard, bob.errors.length, carl.errors.length]).toEqual([[], 2, 0])
})

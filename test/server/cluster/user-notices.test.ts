import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createChannelSubscriptions } from '../../../src/server/cluster/channel-subscriptions.ts'
import { createChannels } from '../../../src/server/cluster/channels.ts'
import { createNodeLink } from '../../../src/server/cluster/peers/node-link.ts'
import { createUserNotices, type UserNotices } from '../../../src/server/cluster/user-notices.ts'
import { createBotNodes, hear } from '../../support/cluster/bot-nodes.ts'
import type { Bus } from '../../../src/server/cluster/bus.ts'
import { createFakeNode } from '../../support/cluster/fake-node.ts'
import { MAX_AGE, pass } from '../../support/cluster/link.ts'
import { createMemoryEngine, type MemoryEngineOptions } from '../../support/cluster/memory-engine.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

const MINUTE = 60_000

interface TestNotices {
  readonly notices: UserNotices
  /** What has been done on this node. */
  readonly done: { readonly what: string; readonly before: number }[]
}

function createNode(bus: Bus): TestNotices {
  const done: TestNotices['done'] = []
  const channels = createChannels('/')
  const link = createNodeLink({
    bus,
    channels,
    maxAge: MAX_AGE,
    receive(message, origin) {
      if (message.kind === 'revocation' || message.kind === 'reidentification') notices.receive(message, origin)
    },
  })
  const notices = createUserNotices({
    link,
    channels,
    subscriptions: createChannelSubscriptions(link),
    revokeLocally: ({ user, conversation }, before) =>
      done.push({ what: `revoke ${user} in ${conversation ? JSON.stringify(conversation) : 'all'}`, before }),
    reidentifyLocally: ({ user, before }) => done.push({ what: `reidentify ${user}`, before }),
  })
  return { notices, done }
}

function start(options: MemoryEngineOptions = {}) {
  const engine = createMemoryEngine(options)
  const node = () => createNode(engine.connect().bus)
  const fake = (ahead = 0) => createFakeNode({ bus: engine.connect().bus, ahead })
  return { engine, node, fake }
}

const what = ({ done }: TestNotices) => [...new Set(done.map((one) => one.what))]
const group = { group: 'team' }

describe('a notice', () => {
  test('reaches the nodes that have the user, and no others', async () => {
    const { node } = start()
    const [one, two, three] = [node(), node(), node()]
    two.notices.userAdded('bob')
    three.notices.userAdded('cy')
    await pass(0)
    one.notices.revoke({ user: 'bob', conversation: group })
    one.notices.revoke({ user: 'bob' })
    one.notices.reidentify('bob')
    await pass(100)
    expect([what(one), what(three)]).toEqual([[], []])
    expect(what(two)).toEqual(['revoke bob in {"group":"team"}', 'revoke bob in all', 'reidentify bob'])
  })

  test('says when it was given, by the clock of the node that receives it', async () => {
    const { node, fake } = start()
    const one = node()
    one.notices.userAdded('bob')
    const ahead = fake(3_600_000)
    await pass(0)
    const at = Date.now()
    const theirAt = ahead.now()
    await pass(300)
    ahead.publish(ahead.channels.user('bob'), { kind: 'revocation', at: theirAt, user: 'bob', conversation: undefined })
    await pass(0)
    expect(one.done).toHaveLength(1)
    expect(Math.abs(one.done[0]!.before - at)).toBeLessThan(2)
  })

  test('spares nothing that began before it, however uncertain the clock of the node that gave it is', async () => {
    const { node } = start({ delays: () => [200] })
    const [one, two] = [node(), node()]
    two.notices.userAdded('bob')
    await pass(1000)
    one.notices.revoke({ user: 'bob' })
    const at = Date.now()
    await pass(1000)
    expect(what(two)).toEqual(['revoke bob in all'])
    for (const { before } of two.done) expect(before).toBeGreaterThanOrEqual(at + 100)
  })

  test('counts however late it arrives: a node that gets the user later asks for it', async () => {
    const { node } = start()
    const [one, two] = [node(), node()]
    await pass(0)
    const at = Date.now()
    one.notices.reidentify('bob')
    one.notices.revoke({ user: 'bob' })
    await pass(9 * MINUTE)
    two.notices.userAdded('bob')
    await pass(100)
    expect(what(two)).toEqual(['reidentify bob', 'revoke bob in all'])
    // It spares whatever has begun since.
    for (const { before } of two.done) expect(Math.abs(before - at)).toBeLessThan(100)
  })

  test('is repeated to nobody after ten minutes, and then nothing is left', async () => {
    const { node, engine } = start()
    const [one, two] = [node(), node()]
    one.notices.revoke({ user: 'bob' })
    await pass(10 * MINUTE + 11_000 + 6000)
    two.notices.userAdded('bob')
    await pass(1000)
    expect(what(two)).toEqual([])
    expect(engine.channels().filter((channel) => !channel.startsWith('node:'))).toEqual([
      createChannels('/').user('bob'),
    ])
    two.notices.userRemoved('bob')
    await pass(7000)
    expect(vi.getTimerCount()).toBe(0)
  })

  test('is still repeated when an earlier one about the same user is forgotten', async () => {
    const { node } = start()
    const [one, two] = [node(), node()]
    one.notices.revoke({ user: 'bob' })
    await pass(5 * MINUTE)
    one.notices.reidentify('bob')
    await pass(6 * MINUTE)
    two.notices.userAdded('bob')
    await pass(1000)
    expect(what(two)).toEqual(['reidentify bob'])
  })

  test('is no answer to anything but a question', async () => {
    const { node, fake } = start()
    const one = node()
    one.notices.revoke({ user: 'bob' })
    await pass(100)
    const other = fake()
    const questions = other.channels.questions(other.channels.user('bob'))
    other.publish(questions, { kind: 'recipients', countId: 1, recipients: 1 })
    await pass(100)
    expect(other.receivedOf('revocation')).toEqual([])
  })

  test('leaves no timer when its node closes', async () => {
    const { node } = start()
    const one = node()
    one.notices.revoke({ user: 'bob' })
    await pass(100)
    const before = vi.getTimerCount()
    one.notices.close()
    expect(vi.getTimerCount()).toBe(before - 1)
  })

  test('that is given while the engine is down arrives when it is back', async () => {
    const { node, engine } = start()
    const [one, two] = [node(), node()]
    two.notices.userAdded('bob')
    await pass(0)
    engine.interrupt()
    one.notices.revoke({ user: 'bob' })
    await pass(5000)
    expect(what(two)).toEqual([])
    engine.restore()
    await pass(300)
    expect(what(two)).toEqual(['revoke bob in all'])
  })

  test('that is given while the engine is down, after another one, arrives when it is back', async () => {
    const { node, engine } = start()
    const [one, two] = [node(), node()]
    two.notices.userAdded('bob')
    one.notices.revoke({ user: 'bob', conversation: group })
    await pass(100)
    engine.interrupt()
    one.notices.reidentify('bob')
    await pass(5000)
    engine.restore()
    await pass(300)
    expect(what(two)).toContain('reidentify bob')
  })

  test('about another user than the channel’s is ignored', async () => {
    const { node, fake } = start()
    const one = node()
    one.notices.userAdded('bob')
    const hostile = fake()
    await pass(0)
    hostile.publish(hostile.channels.user('bob'), { kind: 'reidentification', at: hostile.now(), user: 'cy' })
    await pass(100)
    expect(one.done).toEqual([])
  })

  test('only the node that gave it, and gave one about this user, answers questions, to the asker alone', async () => {
    const { node, fake } = start()
    const [one] = [node(), node()]
    one.notices.revoke({ user: 'bob' })
    one.notices.revoke({ user: 'cy' })
    await pass(100)
    const asker = fake()
    asker.read(asker.channels.user('bob'))
    await pass(0)
    asker.publish(asker.channels.questions(asker.channels.user('bob')), { kind: 'question' })
    await pass(100)
    const answers = asker.received.filter(({ message }) => message.kind === 'revocation')
    expect(answers.map(({ channel, message }) => [channel, 'user' in message && message.user])).toEqual([
      [asker.channels.node('fake'), 'bob'],
    ])
  })

  test('of more than 1,000 the oldest are forgotten', async () => {
    const { node } = start()
    const [one, two] = [node(), node()]
    for (let n = 0; n <= 1000; n++) one.notices.reidentify(`user-${n}`)
    await pass(10_000)
    for (const n of [0, 1, 1000]) two.notices.userAdded(`user-${n}`)
    await pass(1000)
    expect(what(two)).toEqual(['reidentify user-1', 'reidentify user-1000'])
  })
})

test('a node without the user any more hears nothing after a while', async () => {
  const { node } = start()
  const [one, two] = [node(), node()]
  two.notices.userAdded('bob')
  await pass(0)
  two.notices.userRemoved('bob')
  await pass(6500)
  one.notices.revoke({ user: 'bob' })
  await pass(1000)
  expect(two.done).toEqual([])
})

describe('a whole node', () => {
  test('that gets a user after a revocation asks for it, and ends the subscriptions that began before', async () => {
    const { engine, addNode, close } = createBotNodes()
    const [one, two] = [addNode(), addNode()]
    await pass(100)
    one.server.revoke({ user: 'bob' })
    const { refused } = hear(two.server.createBot('bob'), group)
    await pass(100)
    expect([refused, engine.channels().length > 0]).toEqual([['forbidden'], true])
    close()
  })
})

import { format } from 'node:util'
import createDebug from 'debug'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { serverNow } from '../../../src/server/clock.ts'
import type { Conversation } from '../../../src/core/index.ts'
import type { PublishedLease } from '../../../src/server/cluster/bus-message.ts'
import { createRemoteLeases } from '../../../src/server/cluster/remote-leases.ts'
import { createRooms } from '../../../src/server/rooms.ts'
import { createCounters } from '../../../src/server/stats.ts'
import { createLeases } from '../../../src/server/typing/leases.ts'
import { MAX_AGE, pass } from '../../support/cluster/link.ts'

beforeEach(() => {
  vi.useFakeTimers()
})
afterEach(() => {
  vi.useRealTimers()
})

/** S5: a lease lives 5 s + 2 s after it was published; expired ones are looked for every 500 ms. */
const LEASE_LIFE = 7000
const SWEEP_INTERVAL = 500

const lease = (id: string, activity: PublishedLease['session'] | string = 'typing', device = 1): PublishedLease => ({
  device,
  user: { id },
  session: typeof activity === 'string' ? { activity: activity as 'typing', since: 5 } : activity,
})
const end = (id: string, device = 1): PublishedLease => ({ device, user: { id }, session: undefined })

interface OriginValues {
  readonly number: number
  readonly node?: string
  readonly age?: number
  readonly ahead?: number
  readonly errorBound?: number
}

function start(conversation: Conversation = { group: 'team' }, doubtedAt = 0) {
  const rooms = createRooms()
  const changes: number[] = []
  const nothing = () => {}
  const leases = createLeases(
    rooms,
    {
      changed: () => changes.push(serverNow()),
      deliverTo: nothing,
      hideFrom: nothing,
      activeDeviceChanged: nothing,
      repeat: nothing,
      close: nothing,
    },
    createCounters(),
  )
  const openRoom = () => rooms.openInbox('bob', conversation)
  const remote = createRemoteLeases({
    leases,
    maxAge: MAX_AGE,
    doubtedAt,
    openRoom,
    canWrite: (userId) => conversation.user === undefined || conversation.user === userId,
  })
  const receive = (
    published: readonly PublishedLease[],
    { number, node = 'one', age = 0, ahead = 0, errorBound = 0 }: OriginValues,
  ) =>
    remote.receive(published, {
      node,
      number,
      sentAt: serverNow() - age,
      errorBound,
      expired: age > MAX_AGE,
      toLocal: (theirTime) => theirTime - ahead,
    })
  /** Who types, as the subscribers of this node are shown: user, name, activity. */
  const typists = () =>
    [...(rooms.inbox('bob', conversation)?.typists ?? [])].map(([id, { sessions }]) => {
      const [device, session] = [...sessions].at(-1)!
      return [id, device.user.name, session.activity].filter(Boolean).join(' ')
    })
  const sinceOf = (id: string) =>
    [...(rooms.inbox('bob', conversation)?.typists.get(id)?.sessions.values() ?? [])].at(-1)?.since
  return { rooms, leases, remote, receive, typists, sinceOf, changes }
}

describe('S5: a lease of another node', () => {
  test('begins, changes and ends', () => {
    const { receive, typists, leases } = start()
    receive([lease('ann'), lease('cy', 'recording', 2)], { number: 1 })
    expect([typists(), leases.countMirrored()]).toEqual([['ann typing', 'cy recording'], 2])
    receive([lease('ann', 'photo')], { number: 2 })
    expect(typists()).toEqual(['ann photo', 'cy recording'])
    receive([end('ann')], { number: 3 })
    receive([end('cy', 2)], { number: 4 })
    expect([typists(), leases.countMirrored()]).toEqual([[], 0])
  })

  test('lives for 7 s after it was published, however long it was on its way', async () => {
    const { receive, typists } = start()
    receive([lease('ann')], { number: 1, age: 1900 })
    await pass(LEASE_LIFE - 1900 - 1)
    expect(typists()).toEqual(['ann typing'])
    await pass(1 + SWEEP_INTERVAL)
    expect(typists()).toEqual([])
  })

  test('R2: lives on while it is renewed, and a renewal changes nothing that is shown', async () => {
    const { receive, typists, changes, sinceOf } = start()
    receive([lease('ann')], { number: 1 })
    const since = sinceOf('ann')
    for (let number = 2; number < 20; number++) {
      await pass(5500)
      // The estimate of the other clock changes a little.
      receive([lease('ann')], { number, ahead: number % 3 })
    }
    expect([typists(), changes.length, sinceOf('ann')]).toEqual([['ann typing'], 1, since])
  })

  test('R1: began when its session began, by our clock, and not in the future', () => {
    const { receive, sinceOf } = start()
    const began = Math.round(serverNow()) - 4000
    receive([lease('ann', { activity: 'typing', since: began + 60_000 })], { number: 1, ahead: 60_000 })
    receive([lease('cy', { activity: 'typing', since: began + 9000 }, 2)], { number: 2 })
    expect(sinceOf('ann')).toBe(began)
    expect(sinceOf('cy')).toBeLessThanOrEqual(Math.round(serverNow()))
    // R6: another activity is still the same session.
    receive([lease('ann', { activity: 'photo', since: began + 60_000 })], { number: 3, ahead: 60_003 })
    expect(sinceOf('ann')).toBe(began)
    // And the next session is another one.
    receive([lease('ann', { activity: 'photo', since: began + 61_000 })], { number: 4, ahead: 60_000 })
    expect(sinceOf('ann')).toBe(began + 1000)
  })

  test('begins again after its end, also as the same session', () => {
    const { receive, typists } = start()
    receive([lease('ann')], { number: 1 })
    receive([end('ann')], { number: 2 })
    receive([lease('ann')], { number: 3 })
    expect(typists()).toEqual(['ann typing'])
  })

  test('has ended when the typist’s next session begins, also if the end was lost', () => {
    const { receive, typists } = start()
    receive([lease('ann', { activity: 'photo', since: 5 })], { number: 1 })
    receive([lease('ann', { activity: 'typing', since: 900 })], { number: 3 })
    expect(typists()).toEqual(['ann typing'])
  })

  test('is one of several of a typist: the last of them ends the typing', () => {
    const { receive, typists, leases } = start()
    receive([lease('ann', 'typing', 1), lease('ann', 'photo', 2)], { number: 1 })
    receive([lease('ann', 'typing', 1)], { number: 1, node: 'two' })
    expect([typists(), leases.countMirrored()]).toEqual([['ann typing'], 3])
    receive([end('ann', 1)], { number: 2 })
    receive([end('ann', 1)], { number: 2, node: 'two' })
    expect([typists(), leases.countMirrored()]).toEqual([['ann photo'], 1])
    receive([end('ann', 2)], { number: 3 })
    expect(typists()).toEqual([])
  })

  test('is not believed when it has expired', () => {
    const { receive, typists } = start()
    receive([lease('ann')], { number: 1, age: MAX_AGE + 1 })
    expect(typists()).toEqual([])
    receive([lease('ann')], { number: 2 })
    receive([end('ann')], { number: 3, age: MAX_AGE + 1 })
    expect(typists()).toEqual(['ann typing'])
  })
})

describe('R3: messages that overtake each other', () => {
  test('a lease that its own end has overtaken does not begin', () => {
    const { receive, typists, changes } = start()
    receive([end('ann')], { number: 2 })
    receive([lease('ann')], { number: 1 })
    expect([typists(), changes]).toEqual([[], []])
    receive([lease('ann')], { number: 3 })
    expect(typists()).toEqual(['ann typing'])
  })

  test('an answer that later changes have overtaken changes nothing', () => {
    const { receive, typists } = start()
    receive([lease('ann')], { number: 1 })
    receive([lease('ann', 'photo')], { number: 4 })
    receive([end('cy', 2)], { number: 5 })
    receive([lease('ann'), lease('cy', 'typing', 2)], { number: 3 })
    expect(typists()).toEqual(['ann photo'])
  })

  test('an end is remembered until no earlier message can arrive any more, and then forgotten', async () => {
    const { receive, typists, remote } = start()
    receive([end('ann')], { number: 2 })
    await pass(2 * MAX_AGE - 1)
    receive([lease('ann')], { number: 1 })
    expect(typists()).toEqual([])
    // Numbers begin again, as those of another node with this name would.
    await pass(10_000)
    receive([end('cy', 2)], { number: 1 })
    await pass(10_000)
    receive([lease('ann')], { number: 1 })
    expect(typists()).toEqual(['ann typing'])
    remote.end()
  })

  test('what has ended makes room for others, and what has not ended is not forgotten', async () => {
    const { receive, typists } = start()
    for (let n = 0; n < 10_000; n++) receive([end(`user-${n}`, n)], { number: 1 })
    receive([lease('ann', 'typing', 20_000)], { number: 1 })
    expect(typists()).toEqual([])
    await pass(2 * MAX_AGE + 1000)
    receive([lease('ann', 'typing', 20_000)], { number: 2 })
    expect(typists()).toEqual(['ann typing'])

    await pass(2 * MAX_AGE + 1000)
    receive([end('cy', 30_000)], { number: 3 })
    receive([end('ann', 20_000)], { number: 4 })
    expect(typists()).toEqual([])
  })

  test('an end of lately is remembered also when others are forgotten', async () => {
    const { receive, typists } = start()
    await pass(1001)
    receive([end('ann')], { number: 5 })
    await pass(2 * MAX_AGE)
    receive([lease('ann')], { number: 4 })
    expect(typists()).toEqual([])
  })

  test('what has ended is looked for every 5 s at most', async () => {
    const { receive, typists } = start()
    await pass(900)
    receive([end('ann')], { number: 5 })
    await pass(2 * MAX_AGE + 99)
    receive([lease('ann')], { number: 4 })
    expect(typists()).toEqual([])
    await pass(1)
    receive([lease('ann')], { number: 4 })
    expect(typists()).toEqual(['ann typing'])
  })

  test('numbers of different nodes have nothing to do with each other', () => {
    const { receive, typists } = start()
    receive([end('ann')], { number: 100 })
    receive([lease('ann')], { number: 1, node: 'two' })
    expect(typists()).toEqual(['ann typing'])
  })
})

describe('when messages may have been lost', () => {
  test('a lease that nobody confirms within 2 s ends, and one that is confirmed lives on', async () => {
    const { receive, remote, typists, changes } = start()
    receive([lease('ann'), lease('cy', 'typing', 2)], { number: 1 })
    remote.doubt()
    await pass(1900)
    receive([lease('ann')], { number: 2 })
    await pass(100 + SWEEP_INTERVAL)
    expect(typists()).toEqual(['ann typing'])
    await pass(4000)
    expect(typists()).toEqual(['ann typing'])
    expect(changes).toHaveLength(3)
  })

  test('what was sent before confirms nothing: it has waited for the clock of its node, or was slow', async () => {
    const { receive, remote, typists } = start()
    receive([lease('ann')], { number: 1 })
    remote.doubt()
    await pass(500)
    receive([lease('ann'), lease('cy', 'typing', 2)], { number: 2, age: 501 })
    expect(typists()).toEqual(['ann typing', 'cy typing'])
    await pass(1500 + SWEEP_INTERVAL)
    expect(typists()).toEqual([])
  })

  test('what may have been sent after the loss confirms a lease', async () => {
    const { receive, remote, typists } = start()
    receive([lease('ann'), lease('cy', 'typing', 2)], { number: 1 })
    remote.doubt()
    await pass(500)
    receive([lease('ann')], { number: 2, age: 540, errorBound: 40 })
    receive([lease('cy', 'typing', 2)], { number: 3, age: 541, errorBound: 40 })
    await pass(1500 + SWEEP_INTERVAL)
    expect(typists()).toEqual(['ann typing'])
  })

  test('the first lease of a conversation has to be confirmed as well, when messages were lost just before', async () => {
    const { receive, typists } = start({ group: 'team' }, serverNow())
    await pass(100)
    receive([lease('ann')], { number: 1, age: 101 })
    receive([lease('cy', 'typing', 2)], { number: 2 })
    await pass(1900 + SWEEP_INTERVAL)
    expect(typists()).toEqual(['cy typing'])
  })

  test('an end is not in doubt', async () => {
    const { receive, remote, typists } = start()
    receive([lease('ann'), lease('cy', 'typing', 2)], { number: 1 })
    receive([end('ann')], { number: 2 })
    remote.doubt()
    expect(typists()).toEqual(['cy typing'])
    await pass(2000 + SWEEP_INTERVAL)
    remote.doubt()
    expect(typists()).toEqual([])
  })

  test('a lease that would have ended sooner does not live longer', async () => {
    const { receive, remote, typists } = start()
    receive([lease('ann')], { number: 1 })
    await pass(LEASE_LIFE - 1000)
    remote.doubt()
    await pass(1000 + SWEEP_INTERVAL)
    expect(typists()).toEqual([])
  })
})

test('I1: a lease that is published again with another name renames its typist, within the same session', () => {
  const { receive, typists, sinceOf, changes } = start()
  receive([lease('ann')], { number: 1 })
  const since = sinceOf('ann')
  receive([{ ...lease('ann'), user: { id: 'ann', name: 'Ann' } }], { number: 2 })
  receive([{ ...lease('ann'), user: { id: 'ann', name: 'Ann', avatar: 'a.png' } }], { number: 3 })
  expect([typists(), sinceOf('ann'), changes.length]).toEqual([['ann Ann typing'], since, 3])
})

test('T3: a device that has another user now is another typist', () => {
  const { receive, typists } = start()
  receive([lease('ann')], { number: 1 })
  receive([lease('mallory')], { number: 2 })
  expect(typists()).toEqual(['mallory typing'])
})

test('one-to-one, only the other party can type', () => {
  const { receive, typists } = start({ user: 'ann' })
  receive([lease('mallory'), lease('ann', 'typing', 2), end('bob', 3)], { number: 1 })
  expect(typists()).toEqual(['ann typing'])
})

test('a node cannot make this one remember more than 10,000 leases in a conversation', () => {
  const { receive, leases, remote } = start()
  for (let n = 0; n < 10_005; n++) receive([lease(`user-${n}`, 'typing', n)], { number: n })
  expect(leases.countMirrored()).toBe(10_000)
  remote.end()
  expect(leases.countMirrored()).toBe(0)
})

test('end() ends all of them, and leaves no timer and no room', async () => {
  const { receive, remote, typists, rooms } = start()
  receive([lease('ann'), lease('cy', 'typing', 2)], { number: 1 })
  remote.end()
  expect([typists(), [...rooms.all()]]).toEqual([[], []])
  await pass(SWEEP_INTERVAL)
  expect(vi.getTimerCount()).toBe(0)
})

test('after end() nothing is remembered: what comes next begins as the first time', () => {
  const { receive, remote, typists } = start()
  receive([lease('ann')], { number: 5 })
  remote.end()
  receive([lease('ann')], { number: 1 })
  expect(typists()).toEqual(['ann typing'])
})

test('a lease that has expired is logged: whose, and why', () => {
  const lines: string[] = []
  const { log } = createDebug
  createDebug.log = (...args: unknown[]) => void lines.push(format(...args))
  createDebug.enable('react-online-message:cluster')
  const { receive } = start()
  receive([lease('ann')], { number: 1, age: MAX_AGE + 1 })
  receive([], { number: 2, age: MAX_AGE + 1 })
  createDebug.disable()
  createDebug.log = log
  expect(lines).toHaveLength(2)
  expect(lines[0]).toContain('lease ignored (expired): user "ann"')
  expect(lines[1]).toContain('lease ignored (expired): a connection without a user')
})

import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { bundle } from '../../scripts/bundle.mjs'
import {
  type Conversation,
  createOnlineMessageClient,
  type OnlineMessage,
  type Transport,
  type User,
} from '../../src/core/index.ts'
import { createBroadcastChannelTransport } from '../../src/transports/broadcast-channel/index.ts'
import { openTab } from '../support/networks/broadcast-network.ts'

const ann = { id: 'ann', name: 'Ann', avatar: 'ann.png' }
const bob = { id: 'bob' }
const team = { group: 'team' }

let channel: string
const ends: (() => void)[] = []
beforeEach(() => {
  channel = randomUUID()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  for (const end of ends.splice(0)) end()
})

/** Somebody's tab. */
function join(user: User) {
  const tab = openTab(user, channel)
  ends.push(tab.close)
  return tab
}

/** What a device hears in a conversation. */
function hear(transport: Transport, conversation: Conversation) {
  const messages: OnlineMessage[] = []
  const end = transport.subscribe(conversation, { message: (message) => messages.push(message), typists() {} })
  ends.push(end)
  return { messages, end, data: () => messages.map(({ data }) => data) }
}
const send = (transport: Transport, conversation: Conversation, data: unknown) =>
  transport.send({ conversation, command: 'wave', data })

/** Waits until all that has been posted has arrived: what is sent last in a conversation comes last. */
let marks = 0
async function arrive(transport: Transport, conversation: Conversation, { data }: { data(): unknown[] }) {
  const mark = `mark ${++marks}`
  await send(transport, conversation, mark)
  await vi.waitFor(() => expect(data()).toContain(mark))
}

/** Posts something as any other script of the origin could. */
function post(name: readonly (string | null)[], ...values: readonly unknown[]) {
  const script = new BroadcastChannel(JSON.stringify([channel, ...name]))
  for (const value of values) script.postMessage(value)
  script.close()
}
const TEAM = ['group', 'team', null]
const posted = { command: 'wave', data: '1', from: { id: 'eve' } }

describe('carries', () => {
  test('one-to-one and in a group, with who says to have sent it, and does not tell whom it reached', async () => {
    const [a, b] = [join(ann), join(bob)]
    const alone = hear(b.transport, { user: 'ann', thread: 't' })
    const together = hear(b.transport, team)
    const data = { text: '✓', none: null }
    await expect(send(a.transport, { user: 'bob', thread: 't' }, data)).resolves.toEqual({ ok: true })
    await expect(send(a.transport, team, undefined)).resolves.toEqual({ ok: true })
    await vi.waitFor(() => expect(together.messages).toHaveLength(1))
    expect(alone.messages).toEqual([{ conversation: { user: 'ann', thread: 't' }, command: 'wave', data, from: ann }])
    expect(together.messages).toEqual([{ conversation: team, command: 'wave', data: undefined, from: ann }])
  })

  test('T6 in order, from a tab that listens and from one that does not', async () => {
    const receiver = hear(join(bob).transport, team)
    const [silent, listening] = [join(ann).transport, join({ id: 'cy' }).transport]
    hear(listening, team)
    for (const sender of [silent, listening]) {
      receiver.messages.length = 0
      const numbers = Array.from({ length: 200 }, (_, number) => number)
      await Promise.all(numbers.map((number) => send(sender, team, number)))
      await vi.waitFor(() => expect(receiver.data()).toEqual(numbers))
    }
  })

  test('T4 you never hear yourself: not in another tab, not what you send to yourself', async () => {
    const [one, two, other] = [join(ann).transport, join(ann).transport, join(bob).transport]
    const own = [team, { user: 'bob' }, { user: 'ann' }].map((place) => hear(two, place))
    for (const to of [team, { user: 'bob' }, { user: 'ann' }]) await send(one, to, 'mine')
    await arrive(other, team, own[0]!)
    await arrive(other, { user: 'ann' }, own[1]!)
    expect(own.map(({ data }) => data().filter((data) => data === 'mine'))).toEqual([[], [], []])
  })

  test('apps of one origin apart, by the name of their channel', async () => {
    const other = createBroadcastChannelTransport({ user: bob, channel: `${channel} of another app` })
    const nothing = hear(other, team)
    const receiver = hear(join({ id: 'cy' }).transport, team)
    await arrive(join(ann).transport, team, receiver)
    expect(nothing.messages).toEqual([])
  })

  test('typing: leases as they are, given back at once, lapsing where nobody gives them back (R4)', async () => {
    const [a, b] = [join(ann).transport, join(bob).transport]
    const typist = createOnlineMessageClient({ transport: a, heartbeatInterval: 500 })
    const typists = createOnlineMessageClient({ transport: b }).typists({ user: 'ann' })
    ends.push(typists.subscribe(() => {}))
    const typing = typist.typing({ user: 'bob' })
    typing.keystroke()
    await vi.waitFor(() => expect(typists.getState().typists).toMatchObject([{ ...ann, activity: 'typing' }]))
    typing.stop()
    await vi.waitFor(() => expect(typists.getState().total).toBe(0))
    // A tab that crashes: the last it said was this.
    await a.send({
      conversation: { user: 'bob' },
      command: 'textInput',
      data: { ttl: 300, activity: 'photo', since: 1 },
    })
    await vi.waitFor(() => expect(typists.getState().typists).toMatchObject([{ id: 'ann', activity: 'photo' }]))
    await vi.waitFor(() => expect(typists.getState().total).toBe(0))
  })
})

describe('a page that is put away', () => {
  test.each([
    ['pagehide', 'pageshow'],
    ['freeze', 'resume'],
  ])('%s takes the tab off, %s brings it back: G1 nothing of meanwhile, T5 what it listened to', async (away, back) => {
    const [a, b, witness] = [join(ann), join(bob), hear(join({ id: 'cy' }).transport, team)]
    const before = hear(b.transport, team)
    const states: string[] = []
    ends.push(b.transport.connection.subscribe((state) => states.push(state)))
    await arrive(a.transport, team, before)
    const heardBefore = before.messages.length

    b.dispatch(away)
    b.dispatch(away)
    const begun = hear(b.transport, { group: 'new' })
    await expect(send(b.transport, team, 'refused')).resolves.toMatchObject({
      ok: false,
      code: 'offline',
      message: expect.stringContaining('Send again when') as string,
    })
    await send(a.transport, team, 'meanwhile')
    await arrive(a.transport, team, witness)
    b.dispatch(back)
    b.dispatch(back)

    await arrive(a.transport, team, before)
    await arrive(a.transport, { group: 'new' }, begun)
    expect(before.messages).toHaveLength(heardBefore + 1)
    expect(witness.data()).not.toContain('refused')
    expect(states).toEqual(['offline', 'online'])
  })

  test('what is under way to it is lost, also when it is back before (G2)', async () => {
    const [a, b] = [join(ann).transport, join(bob)]
    const receiver = hear(b.transport, team)
    await send(a, team, 'under way')
    b.dispatch('freeze')
    b.dispatch('resume')
    await arrive(a, team, receiver)
    expect(receiver.data()).not.toContain('under way')
  })

  test('a subscriber that throws keeps it from nothing', async () => {
    const [a, b] = [join(ann).transport, join(bob)]
    const receiver = hear(b.transport, team)
    await arrive(a, team, receiver)
    ends.push(
      b.transport.connection.subscribe((state) => {
        if (state !== 'online') throw new Error('thrown by a subscriber')
      }),
    )
    // As a page does: what is thrown there is reported, and nothing else.
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    b.dispatch('pagehide')
    await send(a, team, 'meanwhile')
    b.dispatch('pageshow')
    post(TEAM, { ...posted, at: Date.now() - 2500 })
    await arrive(a, team, receiver)
    await vi.waitFor(() => expect(uncaught).toHaveBeenCalledTimes(2))
    process.off('uncaughtException', uncaught)
    expect(receiver.data()).not.toContain('meanwhile')
    expect(b.transport.connection.getState()).toBe('online')
  })

  test('S4 typing is given back before it is gone, R5 and it sees nobody type', async () => {
    const [a, b] = [join(ann), join(bob)]
    const clients = [a, b].map(({ transport }) => createOnlineMessageClient({ transport })) as [
      ReturnType<typeof createOnlineMessageClient>,
      ReturnType<typeof createOnlineMessageClient>,
    ]
    const [seenByAnn, seenByBob] = [clients[0].typists({ user: 'bob' }), clients[1].typists({ user: 'ann' })]
    for (const seen of [seenByAnn, seenByBob]) ends.push(seen.subscribe(() => {}))
    ends.push(
      clients[0].typing({ user: 'bob' }).startActivity('typing'),
      clients[1].typing({ user: 'ann' }).startActivity('typing'),
    )
    await vi.waitFor(() => expect([seenByAnn.getState().total, seenByBob.getState().total]).toEqual([1, 1]))
    a.dispatch('pagehide')
    expect(seenByAnn.getState().total).toBe(0)
    await vi.waitFor(() => expect(seenByBob.getState().total).toBe(0))
    a.dispatch('pageshow')
    await vi.waitFor(() => expect(seenByBob.getState().total).toBe(1))
  })
})

describe('not heard', () => {
  test.each([
    ['has waited for more than 2 s', -2500],
    ['comes from the future, since the clock was set back', 2500],
    ['has no time', NaN],
  ])('G1 what %s is dropped, and who types is forgotten (R5)', async (_, offset) => {
    const { transport } = join(bob)
    const receiver = hear(transport, team)
    const states: string[] = []
    ends.push(transport.connection.subscribe((state) => states.push(state)))
    const typists = createOnlineMessageClient({ transport }).typists(team)
    ends.push(typists.subscribe(() => {}))
    const lease = { ...posted, command: 'textInput', data: JSON.stringify({ ttl: 7000, activity: 'typing', since: 1 }) }
    post(TEAM, { ...lease, at: Date.now() })
    await vi.waitFor(() => expect(typists.getState().total).toBe(1))

    post(TEAM, { ...posted, at: Date.now() + offset }, { ...posted, at: Date.now() - 1500, data: '2' })
    await vi.waitFor(() => expect(receiver.data()).toContain(2))
    expect(receiver.data()).not.toContain(1)
    expect(states).toEqual(['connecting', 'online'])
    expect(typists.getState().total).toBe(0)
  })

  test('G2 what was sent before somebody began to listen, though the tab was there', async () => {
    const [a, b] = [join(ann).transport, join(bob).transport]
    const other = hear(b, { group: 'other' })
    await send(a, team, 'early')
    const late = hear(b, team)
    await arrive(a, { group: 'other' }, other)
    await arrive(a, team, late)
    expect(late.data()).not.toContain('early')
  })
})

describe('whatever else runs in the origin', () => {
  test('can post anything: what is no message is not heard, and hurts nobody', async () => {
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    const receiver = hear(join(bob).transport, team)
    const good = { ...posted, at: Date.now() }
    const circle: Record<string, unknown> = { ...good }
    circle.from = circle
    post(
      TEAM,
      ...[undefined, null, 1, 'text', [], new Map([['at', 1]]), new Error('e'), new ArrayBuffer(8), circle],
      ...[{}, { ...good, at: String(good.at) }, { ...good, at: undefined }],
      ...[0, '', 'x'.repeat(129), {}].map((command) => ({ ...good, command })),
      ...[1, undefined, {}, 'x'.repeat(4097)].map((data) => ({ ...good, data })),
      ...[undefined, null, 'eve', {}, { id: 1 }, { id: '' }, { id: 'x'.repeat(257) }].map((from) => ({
        ...good,
        from,
      })),
      { ...good, from: { id: 'eve', name: 1, avatar: {}, admin: true } },
      { ...good, data: '{not JSON', conversation: { group: 'other' } },
    )
    await vi.waitFor(() => expect(receiver.messages).toHaveLength(2))
    expect(receiver.messages).toEqual([
      { conversation: team, command: 'wave', data: 1, from: { id: 'eve' } },
      { conversation: team, command: 'wave', data: undefined, from: { id: 'eve' } },
    ])
    expect(uncaught).not.toHaveBeenCalled()
    process.off('uncaughtException', uncaught)
  })

  test('is not heard one-to-one as a third person', async () => {
    const receiver = hear(join(bob).transport, { user: 'ann' })
    post(['users', 'ann', 'bob', null], { ...posted, at: Date.now() })
    await arrive(join(ann).transport, { user: 'bob' }, receiver)
    expect(receiver.messages).toHaveLength(1)
  })
})

describe('T2 send never rejects', () => {
  test.each<[string, Partial<Parameters<Transport['send']>[0]>]>([
    ['no conversation', { conversation: { user: '' } }],
    ['no command', { command: '' }],
    ['a command that is too long', { command: 'x'.repeat(129) }],
    ['what JSON cannot hold', { data: 1n }],
  ])('%s is invalid, with the fix', async (_, wrong) => {
    const { transport } = join(ann)
    const result = transport.send({ conversation: team, command: 'wave', data: 1, ...wrong })
    await expect(result).resolves.toMatchObject({ ok: false, code: 'invalid' })
  })

  test('data of more than 4096 bytes is too large', async () => {
    const { transport } = join(ann)
    await expect(send(transport, team, 'x'.repeat(4095))).resolves.toMatchObject({ ok: false, code: 'too-large' })
    await expect(send(transport, team, 'x'.repeat(4094))).resolves.toEqual({ ok: true })
  })

  test('where there is no BroadcastChannel: offline, with the fix, and subscribing is no error', async () => {
    vi.stubGlobal('BroadcastChannel', undefined)
    const transport = createBroadcastChannelTransport({ user: ann })
    expect(transport.connection.getState()).toBe('offline')
    transport.subscribe(team, { message() {}, typists() {} })()
    expect(transport.connection.getState()).toBe('offline')
    await expect(send(transport, team, 1)).resolves.toEqual({
      ok: false,
      code: 'offline',
      message: 'There is no BroadcastChannel here. Use a page that has an origin (no sandbox), or another transport.',
    })
  })
})

describe('is inert', () => {
  /** Counts the channels that are open. */
  function countChannels(): () => number {
    let open = 0
    const Real = BroadcastChannel
    vi.stubGlobal(
      'BroadcastChannel',
      class extends Real {
        constructor(name: string) {
          super(name)
          open++
        }
        override close() {
          open--
          super.close()
        }
      },
    )
    return () => open
  }

  test('a channel for each conversation that is listened to, none before, none after, none left by a send', async () => {
    const tab = join(ann)
    const transport = tab.transport
    const open = countChannels()
    await send(transport, team, 1)
    expect(open()).toBe(0)
    const listeners = [team, team, { user: 'bob' }].map((place) => hear(transport, place))
    expect(open()).toBe(2)
    await send(transport, team, 1)
    expect(open()).toBe(2)
    tab.dispatch('pagehide')
    expect(open()).toBe(0)
    tab.dispatch('pageshow')
    expect(open()).toBe(2)
    expect(tab.countListeners()).toBe(1)
    for (const { end } of listeners) {
      end()
      end()
    }
    expect(open()).toBe(0)
    tab.close()
    expect(tab.countListeners()).toBe(0)
  })

  test('who goes to sleep while put away is awake again with the next subscriber', async () => {
    const tab = join(ann)
    tab.dispatch('pagehide')
    tab.close()
    expect(tab.transport.connection.getState()).toBe('online')
    await expect(send(tab.transport, team, 1)).resolves.toEqual({ ok: true })
  })

  test('a server that renders with it, and sends, ends by itself', async () => {
    const module = await bundle(
      fileURLToPath(new URL('../../src/transports/broadcast-channel/index.ts', import.meta.url)),
    )
    const program = `
      const { createBroadcastChannelTransport } = await import(${JSON.stringify(pathToFileURL(module))})
      const transport = createBroadcastChannelTransport({ user: { id: 'ann' } })
      const end = transport.subscribe({ group: 'team' }, { message() {}, typists() {} })
      const result = await transport.send({ conversation: { user: 'bob' }, command: 'wave', data: 1 })
      end()
      if (!result.ok || typeof document !== 'undefined') process.exitCode = 1
    `
    const node = spawn(process.execPath, ['--input-type=module', '--eval', program], { stdio: 'inherit' })
    expect(await once(node, 'exit')).toEqual([0, null])
  })
})

test('to no conversation nobody subscribes: refused, with the fix', async () => {
  const refused = vi.fn()
  ends.push(join(ann).transport.subscribe({ user: '' }, { message() {}, typists() {}, refused }))
  await Promise.resolve()
  expect(refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'invalid' }))
})

test.each([{ id: '' }, { id: 'x'.repeat(257) }, { id: 3 }, {}, undefined])(
  'a user %j is refused, with the fix',
  (user) => {
    expect(() => createBroadcastChannelTransport({ user: user as User })).toThrow(
      new TypeError('The user is invalid. Give { id }, a string of 1 to 256 characters.'),
    )
  },
)

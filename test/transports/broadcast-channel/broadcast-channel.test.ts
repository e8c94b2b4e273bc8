import { spawn } from 'node:child_process'
import { randomUUID } from 'node:crypto'
import { once } from 'node:events'
import { fileURLToPath, pathToFileURL } from 'node:url'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { createError } from '../../../src/core/errors.ts'
import { bundle } from '../../../scripts/bundle.mjs'
import {
  type Conversation,
  createOnlineMessageClient,
  type OnlineMessage,
  type Transport,
  type User,
} from '../../../src/core/index.ts'
import { createBroadcastChannelTransport } from '../../../src/transports/broadcast-channel/index.ts'
import { openTab } from '../../support/networks/broadcast-network.ts'

const ann = { id: 'ann', name: 'Ann', avatar: 'ann.png' }
const bob = { id: 'bob' }
const team = { group: 'team' }

let channel: string
const cleanups: (() => void)[] = []
beforeEach(() => {
  channel = randomUUID()
})
afterEach(() => {
  vi.restoreAllMocks()
  vi.unstubAllGlobals()
  for (const end of cleanups.splice(0)) end()
})

/** Somebody's tab. */
function join(user: User) {
  const tab = openTab(user, channel)
  cleanups.push(tab.close)
  return tab
}

/** What a device receives in a conversation. */
function receive(transport: Transport, conversation: Conversation) {
  const messages: OnlineMessage[] = []
  const unsubscribe = transport.subscribe(conversation, { message: (message) => messages.push(message), typists() {} })
  cleanups.push(unsubscribe)
  return { messages, unsubscribe, data: () => messages.map(({ data }) => data) }
}
const send = (transport: Transport, conversation: Conversation, data: unknown) =>
  transport.send({ conversation, command: 'wave', data })

/** Waits until everything that was posted has arrived: what is sent last in a conversation arrives last. */
let marks = 0
async function waitUntilArrived(transport: Transport, conversation: Conversation, { data }: { data(): unknown[] }) {
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

describe('delivers', () => {
  test('one-to-one and in a group, from whom the sending tab claims to be, without counting recipients', async () => {
    const [a, b] = [join(ann), join(bob)]
    const alone = receive(b.transport, { user: 'ann', thread: 't' })
    const together = receive(b.transport, team)
    const data = { text: '✓', none: null }
    await expect(send(a.transport, { user: 'bob', thread: 't' }, data)).resolves.toEqual({ ok: true })
    await expect(send(a.transport, team, undefined)).resolves.toEqual({ ok: true })
    await vi.waitFor(() => expect(together.messages).toHaveLength(1))
    expect(alone.messages).toEqual([{ conversation: { user: 'ann', thread: 't' }, command: 'wave', data, from: ann }])
    expect(together.messages).toEqual([{ conversation: team, command: 'wave', data: undefined, from: ann }])
  })

  test('T6: in order, from a tab with a subscription and from one without', async () => {
    const receiver = receive(join(bob).transport, team)
    const [unsubscribed, subscribed] = [join(ann).transport, join({ id: 'cy' }).transport]
    receive(subscribed, team)
    for (const sender of [unsubscribed, subscribed]) {
      receiver.messages.length = 0
      const numbers = Array.from({ length: 200 }, (_, number) => number)
      await Promise.all(numbers.map((number) => send(sender, team, number)))
      await vi.waitFor(() => expect(receiver.data()).toEqual(numbers))
    }
  })

  test('T6: one-to-one messages reach neither a third person nor a group', async () => {
    const [a, b] = [join(ann).transport, join(bob).transport]
    const cy = join({ id: 'cy' }).transport
    const others = [
      { ...receive(cy, { user: 'bob' }), by: b, to: { user: 'cy' } },
      { ...receive(a, { group: 'ann' }), by: b, to: { group: 'ann' } },
      { ...receive(a, { user: 'cy' }), by: cy, to: { user: 'ann' } },
    ]
    const receiver = receive(a, { user: 'bob' })
    await send(b, { user: 'ann' }, 'for ann')
    await waitUntilArrived(b, { user: 'ann' }, receiver)
    for (const other of others) {
      await waitUntilArrived(other.by, other.to, other)
      expect(other.data()).not.toContain('for ann')
    }
    expect(receiver.data()).toContain('for ann')
  })

  test('every tab of an origin can read the channel: its name is the same in all versions', async () => {
    const names: string[] = []
    vi.stubGlobal(
      'BroadcastChannel',
      class {
        constructor(name: string) {
          names.push(name)
        }
        postMessage() {}
        close() {}
      },
    )
    const transport = createBroadcastChannelTransport({ user: ann })
    await send(transport, team, 1)
    await send(transport, { user: 'bob', thread: 't' }, 1)
    await send(createBroadcastChannelTransport({ user: bob }), { user: 'ann', thread: 't' }, 1)
    expect(names).toEqual([
      '["react-online-message","group","team",null]',
      '["react-online-message","users","ann","bob","t"]',
      '["react-online-message","users","ann","bob","t"]',
    ])
  })

  test('T4: nobody receives their own messages: not in another tab, not what they send to themselves', async () => {
    const [one, two, other] = [join(ann).transport, join(ann).transport, join(bob).transport]
    const own = [team, { user: 'bob' }, { user: 'ann' }].map((conversation) => receive(two, conversation))
    for (const to of [team, { user: 'bob' }, { user: 'ann' }]) await send(one, to, 'mine')
    await waitUntilArrived(other, team, own[0]!)
    await waitUntilArrived(other, { user: 'ann' }, own[1]!)
    expect(own.map(({ data }) => data().filter((data) => data === 'mine'))).toEqual([[], [], []])
  })

  test('apps of one origin apart from each other, by the name of their channel', async () => {
    const other = createBroadcastChannelTransport({ user: bob, channel: `${channel} of another app` })
    const notReached = receive(other, team)
    const receiver = receive(join({ id: 'cy' }).transport, team)
    await waitUntilArrived(join(ann).transport, team, receiver)
    expect(notReached.messages).toEqual([])
  })

  test('R4: typing leases as they are, released at once, and expired where nobody releases them', async () => {
    const [a, b] = [join(ann).transport, join(bob).transport]
    const typist = createOnlineMessageClient({ transport: a, heartbeatInterval: 500 })
    const typists = createOnlineMessageClient({ transport: b }).typists({ user: 'ann' })
    cleanups.push(typists.subscribe(() => {}))
    const typing = typist.typing({ user: 'bob' })
    typing.keystroke()
    await vi.waitFor(() => expect(typists.getState().typists).toMatchObject([{ ...ann, activity: 'typing' }]))
    typing.stop()
    await vi.waitFor(() => expect(typists.getState().total).toBe(0))
    // A tab that crashes right after this lease.
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
  ])(
    'G1, T5: %s takes the tab off the network, %s brings it and its subscriptions back, without what was sent meanwhile',
    async (away, back) => {
      const [a, b, witness] = [join(ann), join(bob), receive(join({ id: 'cy' }).transport, team)]
      const before = receive(b.transport, team)
      const states: string[] = []
      cleanups.push(b.transport.connection.subscribe((state) => states.push(state)))
      await waitUntilArrived(a.transport, team, before)
      const receivedBefore = before.messages.length

      b.dispatch(away)
      b.dispatch(away)
      const begun = receive(b.transport, { group: 'new' })
      await expect(send(b.transport, team, 'refused')).resolves.toMatchObject({
        ok: false,
        code: 'offline',
        message: expect.stringContaining('Send again when') as string,
      })
      await send(a.transport, team, 'meanwhile')
      await waitUntilArrived(a.transport, team, witness)
      b.dispatch(back)
      b.dispatch(back)

      await waitUntilArrived(a.transport, team, before)
      await waitUntilArrived(a.transport, { group: 'new' }, begun)
      expect(before.messages).toHaveLength(receivedBefore + 1)
      expect(witness.data()).not.toContain('refused')
      expect(states).toEqual(['connecting', 'online'])
    },
  )

  test('G2: a message on its way to it is lost, even if the tab is back before', async () => {
    const [a, b] = [join(ann).transport, join(bob)]
    const receiver = receive(b.transport, team)
    await send(a, team, 'under way')
    b.dispatch('freeze')
    b.dispatch('resume')
    await waitUntilArrived(a, team, receiver)
    expect(receiver.data()).not.toContain('under way')
  })

  test('a subscriber that throws stops nothing', async () => {
    const [a, b] = [join(ann).transport, join(bob)]
    const receiver = receive(b.transport, team)
    await waitUntilArrived(a, team, receiver)
    cleanups.push(
      b.transport.connection.subscribe((state) => {
        if (state !== 'online') throw new Error('thrown by a subscriber')
      }),
    )
    const throwOnReset = () => {
      throw new Error('thrown by a listener')
    }
    cleanups.push(b.transport.subscribe(team, { message() {}, typists() {}, reset: throwOnReset }))
    // As in a page: an error that a listener throws is reported, and that is all.
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    b.dispatch('pagehide')
    await send(a, team, 'meanwhile')
    b.dispatch('pageshow')
    post(TEAM, { ...posted, command: 'textInput', at: Date.now() - 2500 })
    await waitUntilArrived(a, team, receiver)
    await vi.waitFor(() => expect(uncaught).toHaveBeenCalledTimes(2))
    process.off('uncaughtException', uncaught)
    expect(receiver.data()).not.toContain('meanwhile')
    expect(b.transport.connection.getState()).toBe('online')
  })

  test('S4, S9, R5: it releases its typing before it is gone, shows no typists, and goes on with an activity when it is back', async () => {
    const [a, b] = [join(ann), join(bob)]
    const clients = [a, b].map(({ transport }) => createOnlineMessageClient({ transport })) as [
      ReturnType<typeof createOnlineMessageClient>,
      ReturnType<typeof createOnlineMessageClient>,
    ]
    const [seenByAnn, seenByBob] = [clients[0].typists({ user: 'bob' }), clients[1].typists({ user: 'ann' })]
    for (const seen of [seenByAnn, seenByBob]) cleanups.push(seen.subscribe(() => {}))
    cleanups.push(
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

describe('does not deliver', () => {
  const lease = { ...posted, command: 'textInput', data: JSON.stringify({ ttl: 7000, activity: 'typing', since: 1 }) }

  /** Bob's tab, in which somebody types. */
  async function startTyping() {
    const { transport } = join(bob)
    const receiver = receive(transport, team)
    const states: string[] = []
    cleanups.push(transport.connection.subscribe((state) => states.push(state)))
    const typists = createOnlineMessageClient({ transport }).typists(team)
    cleanups.push(typists.subscribe(() => {}))
    post(TEAM, { ...lease, at: Date.now() })
    await vi.waitFor(() => expect(typists.getState().total).toBe(1))
    return { transport, receiver, typists, states }
  }

  test.each([
    ['a message that has waited for more than 2 s', -2500],
    ['a message from the future, since the clock was set back', 2500],
    ['a message without a time', NaN],
  ])('G1, K2: %s, and nothing else happens', async (_, offset) => {
    const { receiver, typists, states } = await startTyping()
    post(TEAM, { ...posted, at: Date.now() + offset }, { ...posted, at: Date.now() - 1500, data: '2' })
    await vi.waitFor(() => expect(receiver.data()).toContain(2))
    expect(receiver.data()).not.toContain(1)
    expect(typists.getState().total).toBe(1)
    expect(states).toEqual([])
  })

  test.each([
    ['a typing lease that has waited for more than 2 s', -2500],
    ['a typing lease from the future, since the clock was set back', 2500],
    ['a typing lease without a time', NaN],
  ])('G1, R5: %s, and forgets all typists, while the connection stays online', async (_, offset) => {
    const { transport, receiver, typists, states } = await startTyping()
    post(TEAM, { ...lease, at: Date.now() + offset }, { ...posted, at: Date.now() - 1500, data: '2' })
    await vi.waitFor(() => expect(receiver.data()).toContain(2))
    expect(states).toEqual([])
    expect(transport.connection.getState()).toBe('online')
    expect(typists.getState().total).toBe(0)
  })

  test('R5: after a sleep the listeners of every conversation forget what they know', async () => {
    const { transport } = join(bob)
    const reset = vi.fn()
    for (const conversation of [team, { user: 'ann' }]) {
      const listener = { message() {}, typists() {}, reset: () => void reset(conversation) }
      cleanups.push(transport.subscribe(conversation, listener))
    }
    // A listener that has nothing to forget.
    cleanups.push(transport.subscribe(team, { message() {}, typists() {} }))
    post(TEAM, { ...lease, at: Date.now() - 2500 })
    await vi.waitFor(() => expect(reset.mock.calls).toEqual([[team], [{ user: 'ann' }]]))
  })

  test('G2: what was sent before the subscription, though the tab was there', async () => {
    const [a, b] = [join(ann).transport, join(bob).transport]
    const other = receive(b, { group: 'other' })
    await send(a, team, 'early')
    const late = receive(b, team)
    await waitUntilArrived(a, { group: 'other' }, other)
    await waitUntilArrived(a, team, late)
    expect(late.data()).not.toContain('early')
  })
})

describe('other scripts of the origin', () => {
  test('can post anything: what is not a message is not delivered, and does no harm', async () => {
    const uncaught = vi.fn()
    process.on('uncaughtException', uncaught)
    const receiver = receive(join(bob).transport, team)
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

  test('cannot write one-to-one as a third person', async () => {
    const receiver = receive(join(bob).transport, { user: 'ann' })
    post(['users', 'ann', 'bob', null], { ...posted, at: Date.now() })
    await waitUntilArrived(join(ann).transport, { user: 'bob' }, receiver)
    expect(receiver.messages).toHaveLength(1)
  })
})

describe('T2: send never rejects', () => {
  test.each<[string, Partial<Parameters<Transport['send']>[0]>]>([
    ['an invalid conversation', { conversation: { user: '' } }],
    ['an empty command', { command: '' }],
    ['a command that is too long', { command: 'x'.repeat(129) }],
    ['data that JSON cannot hold', { data: 1n }],
  ])('%s is invalid, with the fix', async (_, wrong) => {
    const { transport } = join(ann)
    const result = transport.send({ conversation: team, command: 'wave', data: 1, ...wrong })
    await expect(result).resolves.toMatchObject({ ok: false, code: 'invalid' })
  })

  test('a signal that is aborted before: aborted, and nothing is posted', async () => {
    const [sender, receiver] = [join(ann).transport, receive(join(bob).transport, team)]
    const message = { conversation: team, command: 'wave', data: 'aborted' }
    const result = await sender.send(message, { signal: AbortSignal.abort() })
    expect(result).toMatchObject({ ok: false, code: 'aborted' })
    await waitUntilArrived(sender, team, receiver)
    expect(receiver.data()).not.toContain('aborted')
  })

  test('data of more than 4096 bytes is too large', async () => {
    const { transport } = join(ann)
    await expect(send(transport, team, 'x'.repeat(4095))).resolves.toMatchObject({ ok: false, code: 'too-large' })
    await expect(send(transport, team, 'x'.repeat(4094))).resolves.toEqual({ ok: true })
  })

  test('without a BroadcastChannel: offline, with the fix, and subscribing does not fail', async () => {
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

  test('a channel for each conversation with subscribers, none before, none after, and none is left by a send', async () => {
    const tab = join(ann)
    const transport = tab.transport
    const open = countChannels()
    await send(transport, team, 1)
    expect(open()).toBe(0)
    const subscriptions = [team, team, { user: 'bob' }].map((conversation) => receive(transport, conversation))
    expect(open()).toBe(2)
    await send(transport, team, 1)
    expect(open()).toBe(2)
    tab.dispatch('pagehide')
    expect(open()).toBe(0)
    tab.dispatch('pageshow')
    expect(open()).toBe(2)
    expect(tab.countWatchers()).toBe(1)
    for (const { unsubscribe } of subscriptions) {
      unsubscribe()
      unsubscribe()
    }
    expect(open()).toBe(0)
    tab.close()
    expect(tab.countWatchers()).toBe(0)
  })

  test('a tab that lost its last subscriber while put away is there again', async () => {
    const tab = join(ann)
    tab.dispatch('pagehide')
    tab.close()
    expect(tab.transport.connection.getState()).toBe('online')
    await expect(send(tab.transport, team, 1)).resolves.toEqual({ ok: true })
  })

  test('a server that renders with it and sends can exit', async () => {
    const module = await bundle(
      fileURLToPath(new URL('../../../src/transports/broadcast-channel/index.ts', import.meta.url)),
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

test('a subscription to an invalid conversation is refused, with the fix', async () => {
  const refused = vi.fn()
  cleanups.push(join(ann).transport.subscribe({ user: '' }, { message() {}, typists() {}, refused }))
  await Promise.resolve()
  expect(refused).toHaveBeenCalledExactlyOnceWith(expect.objectContaining({ code: 'invalid' }))
})

test.each([{ id: '' }, { id: 'x'.repeat(257) }, { id: 3 }, {}, undefined])(
  'a user %j is refused, with the fix',
  (user) => {
    expect(() => createBroadcastChannelTransport({ user: user as User })).toThrow(
      createError(TypeError, 'invalid-user', 'The user is invalid. Give { id }, a string of 1 to 256 characters.'),
    )
  },
)

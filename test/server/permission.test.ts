import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { LEASE, SUBSCRIBE, REFUSED, SEND } from '../../src/core/transport/wire.ts'
import {
  attachOnlineMessages,
  type AuthorizationRequest,
  type OnlineMessageServerOptions,
} from '../../src/server/index.ts'
import { allQuiet, CARRIERS, closeAll, names, startServer, until } from '../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const group = { group: 'team' }
const mayNotSend = {
  ok: false,
  code: 'forbidden',
  message: 'You may not send to this conversation: authorize denied it. Ask for access first.',
}

describe('attachOnlineMessages says what is wrong with its options, then the fix', () => {
  const identify = () => 'ann'
  const cases: [what: string, options: unknown, message: RegExp][] = [
    ['no identify', { authorize: 'anyone' }, /^identify is missing\. Give a function.*: no-identify\)$/],
    ['no authorize', { identify }, /^authorize is missing\. Give a function: .* or 'anyone'.*: no-authorize\)$/],
    ['authorize: true', { identify, authorize: true }, /^authorize is missing/],
    ['authorize: null', { identify, authorize: null }, /^authorize is missing/],
    [
      'maxAge: 0',
      { identify, authorize: 'anyone', maxAge: 0 },
      /^maxAge is 0\. Give a number from 100 to 60000\. \(react-online-message: invalid-option\)$/,
    ],
    ['maxAge: NaN', { identify, authorize: 'anyone', maxAge: NaN }, /^maxAge is NaN/],
    [
      'maxBytes',
      { identify, authorize: 'anyone', maxBytes: 1e9 },
      /^maxBytes is 1000000000\. Give .* 1000000\. \(react-online-message: invalid-option\)$/,
    ],
    [
      'perConnection',
      { identify, authorize: 'anyone', rateLimits: { perConnection: 0 } },
      /^rateLimits\.perConnection is 0/,
    ],
    ['perGroup', { identify, authorize: 'anyone', rateLimits: { perGroup: -1 } }, /^rateLimits\.perGroup is -1/],
    [
      'batchInterval',
      { identify, authorize: 'anyone', typingUpdates: { batchInterval: 1 } },
      /^typingUpdates\.batchInterval is 1/,
    ],
    ['batchFrom', { identify, authorize: 'anyone', typingUpdates: { batchFrom: 0 } }, /^typingUpdates\.batchFrom is 0/],
    ['maxNames', { identify, authorize: 'anyone', typingUpdates: { maxNames: 0 } }, /^typingUpdates\.maxNames is 0/],
    [
      'reauthorizeInterval',
      { identify, authorize: 'anyone', reauthorizeInterval: 10 },
      /^reauthorizeInterval is 10\. Give a number from 1000/,
    ],
    ['deliverTo', { identify, authorize: 'anyone', deliverTo: 'all' }, /^deliverTo is all\. Give 'every-device' or/],
  ]
  test.each(cases)('%s', async (_, options, message) => {
    const { io } = await startServer({ attach: false })
    expect(() => attachOnlineMessages(io, options as OnlineMessageServerOptions)).toThrow(message)
    // And leaves nothing behind.
    expect(io.sockets.listenerCount('connection')).toBe(1)
    expect(() => attachOnlineMessages(io, { identify, authorize: 'anyone' })).not.toThrow()
  })
})

describe.each(CARRIERS)('over %s', (carrier) => {
  test('authorize is asked about every subscription and every message, with user, conversation, action and command', async () => {
    const authorize = vi.fn((_: AuthorizationRequest) => true)
    const identify = () => ({ id: 'ann', name: 'Ann' })
    const server = await startServer({ plugin: { authorize, identify } })
    const ann = await server.connect('ann', { carrier })
    const asked = () => authorize.mock.calls.splice(0).map(([request]) => request)
    const user = { id: 'ann', name: 'Ann' }

    await ann.hear({ ...group, thread: 't' })
    expect(asked()).toEqual([{ user, conversation: { ...group, thread: 't' }, action: 'subscribe' }])
    await ann.hear({ user: 'bob' })
    expect(asked()).toEqual([{ user, conversation: { user: 'bob' }, action: 'subscribe' }])
    await ann.client.send({ user: 'bob' }, 'note', 1)
    await ann.client.send({ user: 'bob' }, 'note', 2)
    const sent = { user, conversation: { user: 'bob' }, action: 'send', command: 'note' }
    expect(asked()).toEqual([sent, sent])
    ann.client.typing(group).keystroke()
    await ann.settled()
    expect(asked()).toEqual([{ user, conversation: group, action: 'send', command: 'textInput' }])
    ann.client.typing(group).stop()
    await ann.settled()
    expect(asked()).toEqual([])
    ann.socket.io.engine.close()
    await until(() => authorize.mock.calls.length === 2)
    expect(asked().map(({ action }) => action)).toEqual(['subscribe', 'subscribe'])
  })

  test('a message that is refused reaches nobody, and its sender learns why', async () => {
    const server = await startServer({
      plugin: { authorize: ({ user, action }) => action === 'subscribe' || user.id === 'ann' },
    })
    const [ann, bob, cy] = await Promise.all(['ann', 'bob', 'cy'].map((user) => server.connect(user, { carrier })))
    const heard = await cy!.hear(group)
    const states = await cy!.watch(group)
    expect(await bob!.client.send(group, 'note', 'no')).toEqual(mayNotSend)
    expect(await ann!.client.send(group, 'note', 'yes')).toEqual({ ok: true })
    bob!.client.typing(group).keystroke()
    await allQuiet(bob!, cy!)
    expect(heard.map(({ data }) => data)).toEqual(['yes'])
    expect(states).toEqual([])
    expect(bob!.errors).toMatchObject([{ code: 'forbidden', conversation: group, command: 'textInput' }])
    expect(bob!.errors[0]!.message).toBe(mayNotSend.message)
    expect(server.online.stats().dropped.forbidden).toBe(2)
  })

  test('a user who may not subscribe receives and sees nothing, and onError is called', async () => {
    const server = await startServer({
      plugin: { authorize: ({ user, action }) => action === 'send' || user.id !== 'bob' },
    })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear(group)
    const states = await bob.watch(group)
    await ann.client.send(group, 'note', 1)
    ann.client.typing(group).keystroke()
    await allQuiet(ann, bob)
    expect([heard, states]).toEqual([[], []])
    expect(bob.errors[0]).toMatchObject({ code: 'forbidden', conversation: group, command: 'note' })
    expect(bob.errors[0]!.message).toBe(
      'You may not subscribe to this conversation: authorize denied it. Ask for access first.',
    )
  })

  test('T6: messages of one socket stay in order however uneven authorize is', async () => {
    const server = await startServer({
      plugin: {
        authorize: ({ command = '' }) => {
          const wait = Number(command.slice(1)) || 0
          return wait % 3 ? new Promise((resolve) => setTimeout(resolve, (wait * 7) % 20, true)) : true
        },
      },
    })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const heard: unknown[] = []
    for (let n = 0; n < 20; n++) bob.client.subscribe(group, `c${n}`, ({ data }) => heard.push(data))
    await bob.settled()
    const answered: number[] = []
    await Promise.all(
      Array.from({ length: 20 }, async (_, n) => {
        expect(await ann.client.send(group, `c${n}`, n)).toEqual({ ok: true })
        answered.push(n)
      }),
    )
    await bob.settled()
    const inOrder = Array.from({ length: 20 }, (_, n) => n)
    expect([heard, answered]).toEqual([inOrder, inOrder])
  })
})

const noes: Record<string, () => unknown> = {
  false: () => false,
  undefined: () => undefined,
  1: () => 1,
  'a string': () => 'true',
  'an object': () => ({ allowed: true }),
  'a promise of 1': () => Promise.resolve(1),
  'an error': () => {
    throw new Error('no database')
  },
  'a rejection': () => Promise.reject(new Error('no database')),
  'an object with a then that throws': () => ({
    then() {
      throw new Error('no database')
    },
  }),
}
test.each(Object.entries(noes))('authorize answers %s: only true grants access', async (_, answer) => {
  const server = await startServer({
    plugin: { authorize: ({ user }) => user.id === 'bob' || (answer() as boolean) },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group)
  const states = await bob.watch(group)
  await ann.hear(group)
  expect(await ann.client.send(group, 'note', 1)).toEqual(mayNotSend)
  ann.client.typing(group).keystroke()
  await until(() => ann.errors.length === 2)
  await allQuiet(ann, bob)
  expect([heard, states, server.online.stats().subscriptions]).toEqual([[], [], 1])
})

test('an authorize that throws is reported with the fix', async () => {
  const server = await startServer({
    plugin: {
      authorize() {
        throw new Error('no database')
      },
    },
  })
  const ann = await server.connect('ann')
  await ann.client.send(group, 'note', 1)
  expect(String(complaints.mock.calls[0]![0])).toMatch(
    /authorize failed, so permission was denied\. Fix it.* \(react-online-message: authorize-failed\)$/,
  )
})

test('G1: what has waited for permission for longer than maxAge is dropped, and its sender learns why', async () => {
  const slow = new Map<unknown, () => void>()
  const server = await startServer({
    plugin: {
      maxAge: 100,
      authorize: ({ command }) =>
        command === 'slow' ? new Promise((resolve) => slow.set(command, () => resolve(true))) : true,
    },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const heard = await bob.hear(group, 'slow')
  const result = ann.client.send(group, 'slow', 1)
  const began = performance.now()
  await until(() => slow.size && performance.now() - began > 120)
  slow.get('slow')!()
  expect(await result).toMatchObject({ ok: false, code: 'timeout' })
  await bob.settled()
  expect([heard, server.online.stats().dropped.expired]).toEqual([[], 1])
})

test('an authorize that never answers delays only its own connection, and at most 1000 of its packets wait', async () => {
  const server = await startServer({
    plugin: {
      rateLimits: { perConnection: 10_000, perGroup: 10_000 },
      authorize: ({ user }) => user.id !== 'ann' || new Promise(() => {}),
    },
  })
  const ann = await server.raw('ann')
  const bob = await server.connect('bob')
  const cy = await server.connect('cy')
  const heard = await cy.hear(group)
  const answers: unknown[] = []
  for (let n = 0; n < 1500; n++)
    ann.emit(SEND, Date.now(), 'note', '1', group, (result: unknown) => answers.push(result))
  await ann.emitWithAck('test:ping')
  expect(answers).toHaveLength(499)
  expect(answers[0]).toMatchObject({ ok: false, code: 'rate-limited' })
  expect(await bob.client.send(group, 'note', 'through')).toEqual({ ok: true })
  await cy.settled()
  expect(heard.map(({ data }) => data)).toEqual(['through'])
})

test('S4: a stop overtakes a lease that waits for a slow authorize, and cancels it', async () => {
  const waiting: ((yes: boolean) => void)[] = []
  const server = await startServer({
    plugin: { authorize: ({ action }) => action === 'subscribe' || new Promise((resolve) => waiting.push(resolve)) },
  })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch({ user: 'ann' })
  const typing = ann.client.typing({ user: 'bob' })
  typing.keystroke()
  await until(() => waiting.length === 1)
  typing.stop()
  await ann.settled()
  waiting[0]!(true)
  await allQuiet(ann, bob)
  expect([states, server.online.stats().leases]).toEqual([[], 0])

  // Start, stop and start again, all still on their way: the last wish holds.
  typing.keystroke()
  typing.stop()
  typing.keystroke()
  await until(() => waiting.length === 3)
  waiting[1]!(true)
  await allQuiet(ann, bob)
  expect(states).toEqual([])
  waiting[2]!(true)
  await until(() => names(states.at(-1))?.[0] === 'ann')
  expect(ann.errors).toEqual([])
})

test('a lease that waits for permission delays no message', async () => {
  const server = await startServer({
    plugin: { authorize: ({ command }) => command !== 'textInput' || new Promise(() => {}) },
  })
  const ann = await server.connect('ann')
  ann.client.typing(group).keystroke()
  expect(await ann.client.send(group, 'note', 1)).toEqual({ ok: true })
})

test('a refused lease is not taken: the one before ends, and a lease that is pending for a later start does not', async () => {
  let answer: boolean | Promise<boolean> = true
  const server = await startServer({ plugin: { authorize: ({ action }) => action === 'subscribe' || answer } })
  const ann = await server.raw('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch({ user: 'ann' })
  const lease = (ttl: number) =>
    new Promise((resolve) => ann.emit(LEASE, Date.now(), ttl, 'typing', { user: 'bob' }, resolve))
  void lease(7000)
  await until(() => states.length === 1)
  answer = false
  expect(await lease(7000)).toEqual(mayNotSend)
  await until(() => states.at(-1)?.total === 0)

  let refuse = (_: boolean) => {}
  answer = new Promise<boolean>((resolve) => (refuse = resolve))
  const refused = lease(7000)
  void lease(0)
  await ann.emitWithAck('test:ping')
  answer = new Promise<boolean>((resolve) => setTimeout(resolve, 30, true))
  void lease(7000)
  await ann.emitWithAck('test:ping')
  refuse(false)
  expect(await refused).toEqual(mayNotSend)
  await until(() => names(states.at(-1))?.[0] === 'ann')
})

test('subscriptions are refused conversation by conversation, also within one packet', async () => {
  const server = await startServer({
    plugin: { authorize: async ({ conversation }) => conversation.group !== 'secret' },
  })
  const ann = await server.raw('ann')
  const refusals: unknown[][] = []
  ann.on(REFUSED, (...args: unknown[]) => refusals.push(args))
  ann.emit(SUBSCRIBE, [group, { group: 'secret' }, { user: 'bob' }])
  await until(() => refusals.length)
  const message = 'You may not subscribe to this conversation: authorize denied it. Ask for access first.'
  expect(refusals).toEqual([[expect.any(Number), { group: 'secret' }, { ok: false, code: 'forbidden', message }]])
  expect(server.online.stats().subscriptions).toBe(2)
})

import type { Socket } from 'socket.io-client'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { ACTIVE, HELLO, LEASE, SUBSCRIBE, MESSAGE, REFUSED, SEND, TYPISTS } from '../../../src/core/transport/wire.ts'
import {
  allQuiet,
  CARRIERS,
  type Carrier,
  closeAll,
  heapInUse,
  names,
  startServer,
  type TestServerOptions,
  until,
} from '../../support/server/harness.ts'

const complaints = vi.spyOn(console, 'error')
const uncaught: unknown[] = []
const remember = (error: unknown) => uncaught.push(error)
beforeEach(() => {
  complaints.mockReset().mockReturnValue(undefined)
  uncaught.length = 0
  process.on('uncaughtException', remember).on('unhandledRejection', remember)
})
afterEach(async () => {
  await closeAll()
  process.off('uncaughtException', remember).off('unhandledRejection', remember)
  expect(uncaught).toEqual([])
})

const group = { group: 'team' }
const secret = { group: 'secret' }
/** For tests that send thousands of packets at once: on a busy machine the last of them must not expire. */
const LONG_AGE = 60_000
const LONG_TIMEOUT = 30_000

const EVENTS = [HELLO, SUBSCRIBE, SEND, LEASE, ACTIVE]

/** Writes Engine.IO packets by hand: what no Socket.IO client would. */
const writeFrames = (socket: Socket, ...frames: readonly (string | Buffer)[]) => {
  for (const frame of frames) socket.io.engine.write(frame)
}

let asked = 2 ** 29
/** Asks with a packet's text written by hand. */
const askByHand = (socket: Socket, text: string) =>
  new Promise((resolve) => {
    const id = ++asked
    const hear = (packet: { id?: number; data?: unknown[] }) => {
      if (packet.id !== id) return
      socket.io.off('packet', hear)
      resolve(packet.data?.[0])
    }
    socket.io.on('packet', hear)
    writeFrames(socket, `2${id}${text}`)
  })

/** Two honest users who may do everything, and an attacker who may do nothing in `secret`. */
async function scene(carrier: Carrier = 'websocket', options: TestServerOptions = {}) {
  const server = await startServer({
    ...options,
    plugin: {
      authorize: ({ user, conversation }) => user.id !== 'mallory' || conversation.group !== 'secret',
      ...options.plugin,
    },
  })
  const [ann, bob] = [await server.connect('ann', { carrier }), await server.connect('bob', { carrier })]
  const heard = await bob.hear(secret)
  const states = await bob.watch(secret)
  const heardInGroup = await bob.hear(group)
  const mallory = await server.raw('mallory', { carrier })
  const told: unknown[][] = []
  for (const event of [MESSAGE, TYPISTS]) mallory.on(event, (...args: unknown[]) => told.push([event, ...args]))
  const ask = (event: string, ...args: unknown[]) => mallory.emitWithAck(event, ...args) as Promise<unknown>
  /** The honest two still receive from each other, and from nobody else. */
  const honest = async () => {
    heard.length = 0
    expect(await ann.client.send(secret, 'note', 'honest')).toEqual({ ok: true })
    ann.client.typing(secret).keystroke()
    await until(() => names(states.at(-1))?.join() === 'ann')
    ann.client.typing(secret).stop()
    await until(() => states.at(-1)?.total === 0)
    expect(heard.map(({ data, from }) => [data, from.id])).toEqual([['honest', 'ann']])
  }
  return { server, ann, bob, mallory, heard, heardInGroup, states, told, ask, honest }
}

describe.each(CARRIERS)('over %s', (carrier) => {
  test('T3: whatever a sender says about its user, the server writes the user', async () => {
    const { bob, mallory, ask, heardInGroup, honest } = await scene(carrier)
    const ann = { id: 'ann', name: 'Ann' }
    const conversations = [
      { ...group, from: ann, user: undefined },
      { ...group, id: 'ann', __proto__: { from: ann } },
    ]
    for (const conversation of conversations) {
      const args = [Date.now(), 'note', '{"from":{"id":"ann"}}', conversation, 'high', ann, { from: ann }]
      expect(await ask(SEND, ...args)).toEqual({ ok: true })
    }
    // The server's own words do nothing in the other direction.
    mallory.emit(MESSAGE, Date.now(), group, 'note', '"forged"', ann)
    mallory.emit(TYPISTS, Date.now(), group, 1, [{ ...ann, since: 1 }])
    mallory.emit(REFUSED, Date.now(), group, { ok: false, code: 'forbidden', message: 'forged' })
    await ask('test:ping')
    await allQuiet(bob)
    expect(heardInGroup.map(({ from }) => from)).toEqual([{ id: 'mallory' }, { id: 'mallory' }])
    expect(bob.errors).toEqual([])
    await honest()
  })

  test('G1: a time from the past has expired, one from the future counts as now, and anything but a number is invalid', async () => {
    const { bob, ask, heardInGroup, honest } = await scene(carrier)
    const now = Date.now()
    for (const at of [now - 2500, 0, -1, -1e300]) {
      expect(await ask(SEND, at, 'note', '1', group)).toMatchObject({ ok: false, code: 'timeout' })
    }
    for (const at of [NaN, Infinity, null, undefined, String(now), [now], {}, true]) {
      expect(await ask(SEND, at, 'note', '1', group)).toEqual({
        ok: false,
        code: 'invalid',
        message: "The time is invalid. Give the server's time as a number of milliseconds.",
      })
    }
    expect(heardInGroup).toEqual([])
    const seen: number[] = []
    bob.socket.on(MESSAGE, (at: number) => seen.push(at))
    for (const at of [now + 3_600_000, 1e300]) expect(await ask(SEND, at, 'note', '1', group)).toEqual({ ok: true })
    await bob.settled()
    expect(heardInGroup).toHaveLength(2)
    for (const at of seen) expect(Math.abs(at - Date.now())).toBeLessThan(2000)
    await honest()
  })

  test('without permission nothing is received, sent or typed, in whatever way it is requested', async () => {
    const { ann, bob, mallory, ask, heard, states, told, server, honest } = await scene(carrier)
    const before = server.online.stats().subscriptions
    mallory.emit(SUBSCRIBE, [secret])
    mallory.emit(SUBSCRIBE, [group, secret, { ...secret, thread: 't' }, secret])
    mallory.emit(SUBSCRIBE, [{ ...secret, user: undefined, thread: undefined }])
    mallory.emit(SUBSCRIBE, secret)
    expect(await ask(SEND, Date.now(), 'note', '1', secret)).toMatchObject({ ok: false, code: 'forbidden' })
    expect(await ask(SEND, Date.now(), 'note', '1', { ...secret, thread: 't' })).toMatchObject({ code: 'forbidden' })
    expect(await ask(LEASE, Date.now(), 7000, 'typing', secret)).toMatchObject({ ok: false, code: 'forbidden' })
    mallory.emit(LEASE, Date.now(), 7000, 'typing', secret)
    await ask('test:ping')
    await ann.client.send(secret, 'note', 1)
    ann.client.typing(secret).keystroke()
    await allQuiet(ann, bob)
    ann.client.typing(secret).stop()
    await allQuiet(ann, bob)
    expect(told).toEqual([])
    expect([heard.length, states.flatMap(names)]).toEqual([1, ['ann']])
    expect(server.online.stats().subscriptions).toBe(before + 1)
    await honest()
  })

  test('nobody receives what two others send to each other by subscribing to one of them', async () => {
    const { ann, bob, mallory, told } = await scene(carrier)
    mallory.emit(SUBSCRIBE, [{ user: 'ann' }, { user: 'bob' }, { user: 'mallory' }])
    await mallory.emitWithAck('test:ping')
    await ann.client.send({ user: 'bob' }, 'note', 1)
    await bob.client.send({ user: 'ann' }, 'note', 1)
    ann.client.typing({ user: 'bob' }).keystroke()
    await allQuiet(ann, bob)
    expect(told).toEqual([])
  })

  test('wrong types, prototype keys, lone surrogates, binary: refused, with what is wrong and the fix', async () => {
    const { server, mallory, ask, heardInGroup, honest } = await scene(carrier, {
      plugin: { rateLimits: { perConnection: 100_000, perGroup: 100_000 } },
    })
    const values: unknown[] = [
      undefined,
      null,
      true,
      0,
      -1,
      1e300,
      '',
      'x',
      '__proto__',
      'constructor',
      '\ud800',
      'x'.repeat(300),
      [],
      [[]],
      {},
      { length: 1e9 },
      { toJSON: 1 },
      { then: 1 },
      { user: '__proto__' },
      { user: { id: 'ann' } },
      { user: ['bob'] },
      { group: ['team'] },
      { group: 'team', user: 'bob' },
      { group: 'team', thread: null },
      { user: 'x'.repeat(257) },
      JSON.parse('{"__proto__":{"group":"team"}}'),
      JSON.parse('{"constructor":{"prototype":{"group":"team"}}}'),
      { _placeholder: true, num: 0 },
      Buffer.from('binary'),
      { group: Buffer.from('team') },
    ]
    for (const event of [...EVENTS, 'om:', 'om:later', '__proto__', 'constructor', 'toString']) {
      mallory.emit(event)
      for (const value of values) {
        mallory.emit(event, value)
        mallory.emit(event, value, value, value, value, value)
        mallory.emit(event, [value], value, value)
        mallory.emit(event, Date.now(), value, '1', group)
        mallory.emit(event, Date.now(), 'note', value, group)
        if (value instanceof Object && !('_placeholder' in value)) mallory.emit(event, Date.now(), 'note', '1', value)
        mallory.emit(event, Date.now(), 'note', '1', secret, value)
        mallory.emit(event, Date.now(), value, 'typing', secret)
      }
    }
    await ask('test:ping')
    for (const value of values) {
      for (const args of [[value], [Date.now(), value], [Date.now(), '', value]]) {
        const result = await ask(SEND, ...args)
        expect(result).toMatchObject({
          ok: false,
          code: 'invalid',
          message: expect.stringMatching(/ is invalid\. Give /) as string,
        })
      }
      expect(await ask(LEASE, Date.now(), value === 0 ? 'x' : value, 'typing', {})).toMatchObject({ code: 'invalid' })
    }
    // Ids that look dangerous are ids like others.
    for (const user of ['__proto__', 'constructor', 'toString', '\ud800', '\0']) {
      expect(await ask(SEND, Date.now(), user, '\ud800\udfff\ud800', { user, thread: user })).toEqual({ ok: true })
    }
    expect(heardInGroup.every(({ from }) => from.id === 'mallory')).toBe(true)
    expect(({} as Record<string, unknown>).group).toBeUndefined()
    expect(server.online.stats().leases).toBeLessThanOrEqual(100)
    await honest()
  })

  test('lone surrogates and all control characters in ids and data arrive unchanged', async () => {
    const { bob, mallory, ask, honest } = await scene(carrier)
    const id = 'a\ud800\0\u2028"\\'
    const heard = await bob.hear({ group: id, thread: id }, id)
    const states = await bob.watch({ group: id, thread: id })
    const text = JSON.stringify({ s: '\ud800 \udfff é \u2028 👋' })
    expect(await ask(SEND, Date.now(), id, text, { group: id, thread: id })).toEqual({ ok: true })
    await bob.settled()
    expect(heard.map(({ data }) => data)).toEqual([JSON.parse(text)])
    mallory.emit(LEASE, Date.now(), 0, id, { group: id })
    mallory.emit(LEASE, Date.now(), 7000, id, { group: id, thread: id })
    await until(() => states.at(-1)?.total === 1)
    await honest()
  })

  test('nesting bombs: 5,000 arrays deep, as whatever argument', async () => {
    const { mallory, ask, heardInGroup, honest } = await scene(carrier)
    // No client can encode them, so they are written by hand.
    const bomb = '['.repeat(5000) + ']'.repeat(5000)
    const now = Date.now()
    const secretly = JSON.stringify(secret)
    for (const event of EVENTS) {
      const argumentLists = [
        bomb,
        `[${bomb}]`,
        `[{"group":${bomb}},{"group":"team","thread":${bomb}},{"group":"other","later":${bomb}}]`,
        `${now},${bomb},${bomb},${bomb},${bomb}`,
        `${now},7000,${bomb},${secretly},${bomb}`,
      ]
      for (const list of argumentLists) writeFrames(mallory, `2["${event}",${list}]`)
    }
    for (const conversation of [
      bomb,
      `{"group":${bomb}}`,
      `[${secretly},${bomb}]`,
      `{"user":"bob","thread":${bomb}}`,
    ]) {
      for (const args of [`"${SEND}",${now},"note","1"`, `"${LEASE}",${now},7000,"typing"`]) {
        expect(await askByHand(mallory, `[${args},${conversation}]`)).toMatchObject({ ok: false, code: 'invalid' })
      }
    }
    const sendTo = (data: string, rest: string) => askByHand(mallory, `["${SEND}",${now},"note",${data},${rest}]`)
    expect(await sendTo(bomb, '{"group":"team"}')).toMatchObject({ ok: false, code: 'invalid' })
    expect(await ask(SEND, now, 'note', bomb, group)).toMatchObject({ ok: false, code: 'too-large' })
    // Data of an allowed size is only text, and extra fields and arguments are ignored.
    const text = '['.repeat(2000) + ']'.repeat(2000)
    expect(await sendTo(`"${text}"`, `{"group":"team","later":${bomb}},"normal",${bomb}`)).toEqual({ ok: true })
    await until(() => heardInGroup.length === 1)
    await honest()
  })

  test('an acknowledgement that is missing, present twice, or not a function', async () => {
    const { mallory, ask, honest } = await scene(carrier)
    for (const event of EVENTS) {
      mallory.emit(event, Date.now(), 'note', '1', group)
      mallory.emit(event, 1, 2, 3, 4, 5, 6, 'no function')
    }
    await ask('test:ping')
    expect(await ask(HELLO, 1)).toMatchObject({ ok: true, version: 1 })
    expect(await ask(HELLO, 2)).toEqual({
      ok: false,
      code: 'invalid',
      message:
        'This server speaks version 1 of the protocol. Use the same version of react-online-message on both sides.',
    })
    expect(await ask(SUBSCRIBE, 'nothing')).toMatchObject({ ok: false, code: 'invalid' })
    expect(await ask(SUBSCRIBE, [{}], false)).toMatchObject({ ok: false, code: 'invalid' })
    await honest()
  })
})

test('hand-made Engine.IO frames: broken, binary without a header, attachments that never arrive, enormous ids', async () => {
  const frames: (string | Buffer)[][] = [
    ['2'],
    ['2['],
    ['2[]'],
    ['2{}'],
    ['2["om:send"'],
    ['2[1,2,3]'],
    ['2[{"om:send":1}]'],
    ['2[["om:send"],1]'],
    ['299999999999999999999["om:hello",1]'],
    ['2-1["om:hello",1]'],
    [`2["om:send",${Date.now()},"note","1",{"group":"secret"}`],
    ['3["om:send"]'],
    ['31073741825[{"ok":true}]'],
    ['4["om:send"]'],
    ['51-["om:send",{"_placeholder":true,"num":0}]', '2["om:hello",1]'],
    ['51-["om:send",{"_placeholder":true,"num":7}]', Buffer.from('x')],
    ['511-["om:send"]'],
    ['5999999999-["om:subscribe",{"_placeholder":true,"num":0}]'],
    [Buffer.from('binary')],
    ['51-["om:subscribe",[{"group":{"_placeholder":true,"num":0}}]]', Buffer.from('team')],
    ['9nonsense'],
    [''],
    ['1'],
    ['0{"sid":"forged"}'],
    [`2["om:subscribe",${'['.repeat(5000)}${']'.repeat(5000)}]`],
    ['2/admin,["om:hello",1]'],
    ['0/admin,'],
    ['2["\ud800",1]'],
  ]
  const { server, honest } = await scene()
  for (const frame of frames) {
    const mallory = await server.raw('mallory', { socket: { reconnection: false } })
    writeFrames(mallory, ...frame)
    // Either it is still served, or Socket.IO has thrown it out.
    let served = false
    const { id } = mallory
    mallory.emit('test:ping', () => (served = true))
    await until(() => served || !server.io.sockets.sockets.has(id!), frame.join(' '))
    mallory.disconnect()
  }
  await honest()
})

test('megabytes: a packet that is too large for Socket.IO ends its own connection, one that just fits is refused', async () => {
  const { server, ask, honest, heardInGroup } = await scene()
  const megabyte = 'x'.repeat(900_000)
  expect(await ask(SEND, Date.now(), 'note', megabyte, group)).toEqual({
    ok: false,
    code: 'too-large',
    message: 'data has 900000 bytes: send at most 4096.',
  })
  expect(await ask(SEND, Date.now(), 'note', 'é'.repeat(2049), group)).toMatchObject({ code: 'too-large' })
  expect(await ask(SEND, Date.now(), megabyte, '1', group)).toMatchObject({ code: 'invalid' })
  expect(await ask(SEND, Date.now(), 'note', '1', { group: megabyte })).toMatchObject({ code: 'invalid' })
  expect(await ask(SUBSCRIBE, [{ group: megabyte }])).toMatchObject({ code: 'invalid' })
  const other = await server.raw('mallory', { socket: { reconnection: false } })
  other.emit(SEND, Date.now(), 'note', 'x'.repeat(2_000_000), group)
  await until(() => !other.connected)
  expect(heardInGroup).toEqual([])
  await honest()
})

test('a list of nonsense, and one that is too long, are answered once: a packet causes no more than one answer for each entry', async () => {
  const { server, mallory, ask, honest } = await scene()
  let told = 0
  mallory.onAny(() => told++)
  expect(await ask(SUBSCRIBE, Array(200_000).fill(0))).toMatchObject({ ok: false, code: 'invalid' })
  expect(told).toBe(0)
  const many = Array.from({ length: 50_000 }, () => ({ user: 'a' }))
  mallory.emit(SUBSCRIBE, many)
  mallory.emit(SUBSCRIBE, many, false)
  expect(await ask(SUBSCRIBE, many)).toEqual({
    ok: false,
    code: 'invalid',
    message: 'The list has 50000 conversations. Give at most 10000 in one list.',
  })
  expect(told).toBeLessThan(5)

  const groups = Array.from({ length: 10_000 }, (_, n) => ({ group: `g${n}` }))
  for (let n = 0; n < 3; n++) {
    mallory.emit(SUBSCRIBE, groups)
    await ask('test:ping')
  }
  expect(told).toBeGreaterThan(20_000)
  expect(told).toBe(server.online.stats().dropped['rate-limited'])
  await honest()
})

test('thousands of subscriptions: at most 1000 conversations for each connection, and nothing is left after the disconnect', async () => {
  const { server, mallory, ask, honest } = await scene()
  const before = server.online.stats().subscriptions
  for (let n = 0; n < 30; n++) {
    const some = Array.from({ length: 100 }, (_, m) => ({ group: `g${n}-${m}`, thread: 't' }))
    mallory.emit(SUBSCRIBE, some)
    if (n % 3) mallory.emit(SUBSCRIBE, some, false)
  }
  await ask('test:ping')
  expect(server.online.stats().subscriptions).toBeLessThanOrEqual(before + 1000)
  mallory.disconnect()
  await until(() => server.online.stats().connections === 2)
  expect(server.online.stats().subscriptions).toBe(before)
  await honest()
})

test('leases in thousands of conversations: at most 100 are taken, in the order of the requests; the refusal says so', async () => {
  const { server, mallory, ask, honest } = await scene('websocket', {
    plugin: { maxAge: LONG_AGE, rateLimits: { perConnection: 100_000 } },
  })
  for (let n = 0; n < 5000; n++) mallory.emit(LEASE, Date.now(), 1e300, 'typing', { group: `g${n}` })
  expect(await ask(LEASE, Date.now(), 7000, 'typing', { group: 'one more' })).toEqual({
    ok: false,
    code: 'rate-limited',
    message: 'This connection types in 100 conversations already. Stop typing in some first.',
  })
  expect(server.online.stats().leases).toBe(100)
  mallory.emit(LEASE, Date.now(), 0, 'typing', { group: 'g0' })
  mallory.emit(LEASE, Date.now(), 7000, 'typing', { group: 'one more' })
  await ask('test:ping')
  expect(server.online.stats().leases).toBe(100)
  mallory.disconnect()
  await until(() => server.online.stats().leases === 0)
  await honest()
})

test('leases that wait for a slow authorize are limited, too', async () => {
  const { server, mallory, ask } = await scene('websocket', {
    plugin: {
      rateLimits: { perConnection: 100_000 },
      authorize: ({ user }) => user.id !== 'mallory' || new Promise(() => {}),
    },
  })
  for (let n = 0; n < 100; n++) mallory.emit(LEASE, Date.now(), 7000, 'typing', { group: `g${n}` })
  expect(await ask(LEASE, Date.now(), 7000, 'typing', group)).toMatchObject({ ok: false, code: 'rate-limited' })
  expect(server.online.stats().leases).toBe(0)
})

test('a flood is refused by its own rate limit, and honest clients do not notice it', async () => {
  const { server, mallory, ask, honest, heardInGroup } = await scene()
  for (let n = 0; n < 20_000; n++) {
    mallory.emit(SEND, Date.now(), 'note', '1', group)
    if (!(n % 4)) mallory.emit(LEASE, Date.now(), 7000, 'typing', group)
  }
  await honest()
  await ask('test:ping')
  expect(heardInGroup.length).toBeLessThan(1000)
  expect(server.online.stats().dropped['rate-limited']).toBeGreaterThan(20_000)
})

test('a client that asks and does not read the answers costs a limited amount of memory', async () => {
  const { server, mallory, honest } = await scene()
  const served = server.io.sockets.sockets.get(mallory.id!)!
  const waiting = () => (served.conn as unknown as { writeBuffer: unknown[] }).writeBuffer.length
  const wire = (mallory.io.engine.transport as unknown as { ws: { _socket: { pause(): void; resume(): void } } }).ws
  wire._socket.pause()
  // More than the kernel takes.
  served.emit('app', 'x'.repeat(20_000_000))
  let read = 0
  served.onAny(() => read++)
  const answers: unknown[] = []
  for (let n = 0; n < 10_000; n++) mallory.emit(HELLO, 2, (answer: unknown) => answers.push(answer))
  await until(() => read === 10_000)
  expect(answers).toEqual([])
  expect(waiting()).toBeLessThan(2500)
  await honest()
  wire._socket.resume()
  await until(() => !waiting())
  expect(await mallory.emitWithAck(HELLO, 1)).toMatchObject({ ok: true })
})

test('the memory that hostile clients cost is free again after they disconnect', async () => {
  const { server, honest } = await scene('websocket', {
    plugin: {
      maxAge: LONG_AGE,
      rateLimits: { perConnection: 100_000, perGroup: 100_000 },
      authorize: () => new Promise(setImmediate).then(() => true),
    },
  })
  let attacks = 0
  const attack = async () => {
    const id = 'x'.repeat(250)
    const hostile = await Promise.all(Array.from({ length: 5 }, (_, n) => server.raw(`mallory${n}`)))
    for (const mallory of hostile) {
      const groups = Array.from({ length: 500 }, (_, n) => ({ group: `${id}${n}` }))
      mallory.emit(SUBSCRIBE, groups)
      for (const conversation of groups) mallory.emit(LEASE, Date.now(), 60_000, 'typing', conversation)
      for (let n = 0; n < 400; n++) mallory.emit(SEND, Date.now(), 'note', 'x'.repeat(4000), { group: id })
    }
    const allTaken = () => {
      const { subscriptions, leases } = server.online.stats()
      return subscriptions === 2502 && leases === 500
    }
    await until(allTaken, 'all subscriptions and leases are taken', LONG_TIMEOUT)
    await Promise.all(hostile.map((mallory) => mallory.emitWithAck('test:ping')))
    const taken = heapInUse()
    for (const mallory of hostile) mallory.disconnect()
    await until(() => server.online.stats().connections === 3, 'the hostile clients are gone', LONG_TIMEOUT)
    // What had arrived before is still worked off.
    attacks++
    const allHandled = () => {
      const { messagesIn, dropped } = server.online.stats()
      return messagesIn + dropped.expired === attacks * 2000
    }
    await until(allHandled, 'all messages are handled', LONG_TIMEOUT)
    return taken
  }
  // Once for all that is only built once.
  await attack()
  const before = heapInUse()
  const taken = await attack()
  await honest()
  expect(taken - before).toBeGreaterThan(200_000)
  expect(heapInUse() - before).toBeLessThan(1_000_000)
  expect(server.online.stats()).toMatchObject({ connections: 3, subscriptions: 2, leases: 0 })
}, 120_000)

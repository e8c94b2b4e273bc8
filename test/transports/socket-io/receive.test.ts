import { afterEach, describe, expect, test, vi } from 'vitest'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { moveClocks } from '../../support/move-clocks.ts'
import { scriptedNow, startScriptedServer } from '../../support/networks/scripted-server.ts'
import { allQuiet, closeAll, roundTrip, startServer, until } from '../../support/server/harness.ts'

afterEach(async () => {
  vi.restoreAllMocks()
  await closeAll()
})

const group = { group: 'team' }

test('a server that does not keep to the protocol does no harm', async () => {
  const server = await startServer({ attach: false })
  server.io.on('connection', (socket) => {
    socket.on('om:hello', (_: unknown, answer: (welcome: unknown) => void) =>
      answer({
        ok: true,
        version: 1,
        time: Date.now(),
        maxAge: 2000,
        maxBytes: 100,
        tellActive: false,
        later: 'field',
      }),
    )
  })
  const bob = await server.connect('bob')
  const received = await bob.hear(group)
  const now = Date.now()
  server.io.emit('om:later', now, group)
  server.io.emit('om:message', now, { group: 'other' }, 'note', '1', { id: 'ann' })
  server.io.emit('om:message', now, group, 'other', '1', { id: 'ann' })
  server.io.emit('om:message', now, { ...group, later: 1 }, 'note', 'no JSON', { id: 'ann' })
  server.io.emit('om:message', now, group, 'note', '2', { id: 'ann', later: 1 })
  await bob.settled()
  expect(received.map(({ data }) => data)).toEqual([undefined, 2])
})

test('T5: 25,000 subscriptions are written in lists that no server refuses for their length, each conversation once', async () => {
  const server = await startScriptedServer()
  const socket = await server.raw('ann')
  const transport = createSocketTransport(socket)
  const groups = Array.from({ length: 25_000 }, (_, index) => ({ group: `group ${index}` }))
  const unsubscribes = groups.map((conversation) => transport.subscribe(conversation, { message() {}, typists() {} }))
  const lists = () => server.received('om:subscribe').map(([, list]) => list as unknown[])
  await until(() => lists().flat().length === groups.length)
  expect(lists().flat()).toEqual(groups)
  // A server refuses 10,000 and more, and a packet of more than 1 MB.
  expect(Math.max(...lists().map((list) => list.length))).toBe(1000)
  socket.disconnect()
  for (const unsubscribe of unsubscribes) unsubscribe()
})

/** A server whose clock is an hour ahead, and bob, who is online and watches the group. */
async function startAnHourAhead() {
  const hourAhead = () => scriptedNow() + 3_600_000
  const server = await startScriptedServer({ welcome: () => ({ time: hourAhead(), maxAge: 500 }) })
  const bob = await server.connect('bob')
  const received = await bob.hear(group)
  const typists = await bob.watch(group)
  const connection: string[] = []
  bob.client.connection.subscribe((state) => connection.push(state))
  server.io.emit('om:typists', hourAhead(), group, 1, [{ id: 'ann', since: hourAhead() }])
  await until(() => typists.length === 1)
  const hellos = () => server.received('om:hello').length
  return { server, bob, received, totals: () => typists.map(({ total }) => total), connection, hourAhead, hellos }
}

test('G1, K2: a message older than the server’s maxAge is dropped, and nothing else happens', async () => {
  const { server, bob, received, totals, connection, hourAhead, hellos } = await startAnHourAhead()
  server.io.emit('om:message', hourAhead() - 1000, group, 'note', '1', { id: 'ann' })
  await allQuiet(bob)
  server.io.emit('om:message', hourAhead(), group, 'note', '2', { id: 'ann' })
  await allQuiet(bob)
  expect(received.map(({ data }) => data)).toEqual([2])
  expect([totals(), connection, hellos()]).toEqual([[1], [], 1])
})

test('K2, R5: after a typing update that has expired it forgets who types, and asks again, once in 5 s', async () => {
  const { server, bob, totals, connection, hourAhead, hellos } = await startAnHourAhead()
  const late = () => server.io.emit('om:typists', hourAhead() - 1000, group, 2, [])
  late()
  await allQuiet(bob)
  expect(totals()).toEqual([1, 0])
  // The first hello was a moment ago.
  expect(hellos()).toBe(1)
  moveClocks(6000)
  for (let count = 0; count < 5; count++) late()
  await until(() => hellos() === 2)
  await bob.settled()
  expect(server.received('om:subscribe').at(-1)).toEqual(['om:subscribe', [group]])
  late()
  await allQuiet(bob)
  expect(hellos()).toBe(2)
  moveClocks(12_000)
  await until(() => hellos() === 3)
  expect([totals(), connection]).toEqual([[1, 0], []])
})

test('K2: a refusal is true however late it comes', async () => {
  const { server, bob, totals, hourAhead, hellos } = await startAnHourAhead()
  server.io.emit('om:refused', hourAhead() - 60_000, group, { ok: false, code: 'forbidden', message: 'no' })
  await allQuiet(bob)
  expect(bob.errors.map(({ code }) => code)).toEqual(['forbidden', 'forbidden'])
  expect([totals(), hellos()]).toEqual([[1, 0], 1])
})

describe('after a jump of the wall clock', () => {
  /** A transport that is online and subscribed, and a server that answers each hello when the test says so. */
  async function startJump() {
    const hellos: (() => void)[] = []
    const server = await startScriptedServer({
      onHello: (answer, welcome) => hellos.push(() => answer(welcome())),
    })
    const socket = await server.raw('ann')
    const transport = createSocketTransport(socket)
    const received: unknown[] = []
    transport.subscribe(group, { message: ({ data }) => received.push(data), typists() {} })
    await until(() => hellos.length === 1)
    hellos[0]!()
    await until(() => transport.connection.getState() === 'online')
    const settled = () => roundTrip(socket)
    const push = (sentAt: number, data: string) =>
      server.io.emit('om:message', sentAt, group, 'note', JSON.stringify(data), { id: 'bob' })
    const jump = () => vi.spyOn(Date, 'now').mockImplementation(() => scriptedNow() + 600)
    return { server, transport, received, hellos, settled, push, jump }
  }

  test('G1, R5: it is not online, and a message waits until the next hello has said how old it is', async () => {
    const { transport, received, hellos, settled, push, jump } = await startJump()
    jump()
    expect(transport.connection.getState()).toBe('connecting')
    push(scriptedNow() - 5000, 'stale')
    push(scriptedNow(), 'fresh')
    await until(() => hellos.length === 2)
    await settled()
    expect(received).toEqual([])
    hellos[1]!()
    await until(() => received.length)
    expect(received).toEqual(['fresh'])
    // K2: the stale message is no reason to ask again.
    await settled()
    expect([hellos.length, transport.connection.getState()]).toEqual([2, 'online'])
  })

  test('T6: messages that are sent wait for the next hello, in order', async () => {
    const { server, transport, hellos, settled, jump } = await startJump()
    const send = (data: number) => transport.send({ conversation: group, command: 'note', data })
    const clock = jump()
    const results = [send(1), send(2)]
    // The jump is undone while they wait: a message that is sent now has to wait behind them.
    clock.mockRestore()
    results.push(send(3))
    await settled()
    expect(server.received('om:send')).toEqual([])
    hellos[1]!()
    expect(await Promise.all(results)).toEqual([{ ok: true }, { ok: true }, { ok: true }])
    expect(server.received('om:send').map(([, , , data]) => data)).toEqual(['1', '2', '3'])
    expect(hellos).toHaveLength(2)
  })

  test('a message that waits is lost when the connection ends before the hello is answered', async () => {
    const { server, received, hellos, settled, push, jump } = await startJump()
    jump()
    push(scriptedNow(), 'lost')
    await until(() => hellos.length === 2)
    await settled()
    for (const socket of server.io.sockets.sockets.values()) socket.conn.close()
    await until(() => hellos.length === 3)
    hellos[2]!()
    await settled()
    expect(received).toEqual([])
  })
})

import { afterEach, describe, expect, test } from 'vitest'
import { LEASE, SEND, SUBSCRIBE } from '../../src/core/transport/wire.ts'
import { allQuiet, closeAll, roundTrip, startServer, until } from '../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'team' }
const MAX_AGE = 60_000
/** Expired after the next hop. */
const NEARLY_EXPIRED = MAX_AGE - 5000

/** Everything of ours that a connection is sent. */
async function connect(server: Awaited<ReturnType<typeof startServer>>, user: string) {
  const socket = await server.raw(user)
  const events: string[] = []
  socket.onAny((event: string) => events.push(event))
  socket.emit(SUBSCRIBE, [group, { user: 'mallory' }])
  await roundTrip(socket)
  return { socket, events, settled: () => roundTrip(socket) }
}

describe('K2: a sender whose messages have nearly expired causes nothing but their delivery', () => {
  test('in a group and one-to-one: each receiver is sent the message, and nothing else', async () => {
    const server = await startServer({ plugin: { maxAge: MAX_AGE } })
    const [bob, mallory] = [await connect(server, 'bob'), await server.raw('mallory')]
    for (const conversation of [group, { user: 'bob' }]) {
      for (let n = 0; n < 50; n++) {
        const sent = mallory.emitWithAck(SEND, Date.now() - NEARLY_EXPIRED, 'note', '1', conversation)
        expect(await sent).toEqual({ ok: true })
      }
    }
    await bob.settled()
    expect(bob.events).toEqual(Array(100).fill('om:message'))
    expect(server.online.stats()).toMatchObject({ messagesIn: 100, messagesOut: 100, typingUpdatesOut: 0 })
  })

  test('one that has expired on arrival reaches nobody, and only its sender hears of it', async () => {
    const server = await startServer()
    const [bob, mallory] = [await connect(server, 'bob'), await server.raw('mallory')]
    for (let n = 0; n < 50; n++) {
      const sent = mallory.emitWithAck(SEND, Date.now() - 2500, 'note', '1', group)
      expect(await sent).toMatchObject({ ok: false, code: 'timeout' })
    }
    await bob.settled()
    expect(bob.events).toEqual([])
  })
})

describe('a typing lease with a hostile stamp', () => {
  test('is shown like any other one, by the time of the server', async () => {
    const server = await startServer()
    const bob = await server.connect('bob')
    const mallory = await server.raw('mallory')
    const states = await bob.watch(group)
    const before = Date.now()
    mallory.emit(LEASE, Date.now() - 1000, 7000, 'typing', group)
    mallory.emit(LEASE, Date.now() + 3_600_000, 7000, 'recording', group)
    await until(() => states.length === 2)
    for (const { typists } of states) expect(Math.abs(typists[0]!.since - before)).toBeLessThan(1000)
    expect(new Set(states.map(({ typists }) => typists[0]?.since)).size).toBe(1)
  })

  test('does not begin when it has expired, and neither ends nor changes the one before', async () => {
    const server = await startServer()
    const bob = await server.connect('bob')
    const mallory = await server.raw('mallory')
    const states = await bob.watch(group)
    mallory.emit(LEASE, Date.now(), 60_000, 'typing', group)
    for (let n = 0; n < 50; n++) mallory.emit(LEASE, Date.now() - 2500, 7000, n % 2 ? 'typing' : 'recording', group)
    await roundTrip(mallory)
    await allQuiet(bob)
    expect([states.length, server.online.stats().leases, server.online.stats().dropped.expired]).toEqual([1, 1, 50])
  })
})

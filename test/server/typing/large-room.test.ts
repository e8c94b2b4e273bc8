import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, test } from 'vitest'
import { LEASE } from '../../../src/core/transport/wire.ts'
import { fakeClock, NO_PING } from '../../support/server/fake-clock.ts'
import { allQuiet, closeAll, names, startServer, type TestServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

const group = { group: 'hall' }

const lease = (socket: Socket, ttl = 60_000) => {
  socket.emit(LEASE, Date.now(), ttl, 'typing', group)
  return socket.emitWithAck('test:ping')
}
const readers = (server: TestServer, count: number, user = (n: number) => `reader${n}`) =>
  Promise.all(
    Array.from({ length: count }, async (_, n) => {
      const reader = await server.connect(user(n))
      return { reader, states: await reader.watch(group) }
    }),
  )

describe('a large room', () => {
  test('the first change is sent at once, then at most one update per interval, and the final state at the end', async () => {
    const pass = fakeClock()
    const server = await startServer({ io: NO_PING, plugin: { typingUpdates: { batchFrom: 8, batchInterval: 1000 } } })
    const room = await readers(server, 8)
    const clients = room.map(({ reader }) => reader)
    const typists = await Promise.all(Array.from({ length: 10 }, (_, n) => server.raw(`typist${n}`)))
    const totals = () => room.map(({ states }) => states.map(({ total }) => total))
    const everybody = (seen: number[]) => room.map(() => seen)

    await lease(typists[0]!)
    await allQuiet(...clients)
    expect(totals()).toEqual(everybody([1]))
    for (const typist of typists) await lease(typist)
    await pass(750, ...clients)
    expect(totals()).toEqual(everybody([1]))
    await pass(500, ...clients)
    expect(totals()).toEqual(everybody([1, 10]))

    // Four changes a second for ten seconds.
    const before = server.online.stats().typingUpdatesOut
    for (let n = 0; n < 40; n++) {
      await lease(typists[n % 10]!, n % 20 < 10 ? 0 : 60_000)
      await pass(250, ...clients)
    }
    const perReader = (server.online.stats().typingUpdatesOut - before) / room.length
    expect(perReader).toBeGreaterThan(8)
    expect(perReader).toBeLessThanOrEqual(10)

    for (const typist of typists) await lease(typist, 0)
    await pass(1250, ...clients)
    for (const { states } of room) expect(states.at(-1)).toEqual({ typists: [], total: 0 })
  })

  test('a very large one gets at most 6000 updates a second: the interval grows with it', async () => {
    const pass = fakeClock()
    const server = await startServer({ io: NO_PING })
    const listeners = 12_000
    let told = 0
    for (let n = 0; n < listeners; n++) {
      server.online.createBot(`bot${n}`).subscribe(group, {
        message() {},
        typists() {
          told++
        },
      })
    }
    const [ann, bob] = [await server.raw('ann'), await server.raw('bob')]
    const watcher = await server.connect('cy')
    await lease(ann)
    await until(() => told === listeners)
    await lease(bob)
    await pass(1750, watcher)
    expect(told).toBe(listeners)
    await pass(500, watcher)
    await until(() => told === 2 * listeners)
  })

  test('a change that is undone within the interval is sent to nobody', async () => {
    const pass = fakeClock()
    const server = await startServer({ io: NO_PING, plugin: { typingUpdates: { batchFrom: 2, batchInterval: 1000 } } })
    const room = await readers(server, 2)
    const clients = room.map(({ reader }) => reader)
    const [ann, bob] = [await server.raw('ann'), await server.raw('bob')]
    await lease(ann)
    await allQuiet(...clients)
    await lease(bob)
    await lease(bob, 0)
    await pass(3000, ...clients)
    expect(room.map(({ states }) => states.map(({ total }) => total))).toEqual([[1], [1]])
    expect(server.online.stats().typingUpdatesOut).toBe(2)
  })

  test('with fewer subscribers than batchFrom every change is sent at once', async () => {
    const server = await startServer({ plugin: { typingUpdates: { batchFrom: 3 } } })
    const room = await readers(server, 2)
    const [ann, bob] = [await server.raw('ann'), await server.raw('bob')]
    await lease(ann)
    await lease(bob)
    await lease(ann, 0)
    await allQuiet(...room.map(({ reader }) => reader))
    expect(room[0]!.states.map(names)).toEqual([['ann'], ['ann', 'bob'], ['bob']])
  })

  test('T4: at most maxNames typists are named, the total is right, and no receiver is among them', async () => {
    const server = await startServer({ plugin: { typingUpdates: { maxNames: 3 } } })
    const users = ['u0', 'u1', 'u2', 'u3', 'u4', 'u5', 'reader', 'reader too']
    const room = await readers(server, users.length, (n) => users[n]!)
    for (const { reader } of room.slice(0, 6)) {
      reader.client.typing(group).startActivity('typing')
      await reader.settled()
    }
    await allQuiet(...room.map(({ reader }) => reader))
    const seen = room.map(({ states }) => [names(states.at(-1)), states.at(-1)?.total])
    expect(seen).toEqual([
      // Each of the first three sees the other two and the fourth.
      [['u1', 'u2', 'u3'], 5],
      [['u0', 'u2', 'u3'], 5],
      [['u0', 'u1', 'u3'], 5],
      [['u0', 'u1', 'u2'], 5],
      [['u0', 'u1', 'u2'], 5],
      [['u0', 'u1', 'u2'], 5],
      [['u0', 'u1', 'u2'], 6],
      [['u0', 'u1', 'u2'], 6],
    ])
    for (const { reader, states } of room) expect(states.flatMap(names)).not.toContain(reader.user)
  })

  test('an update that is sent in slices leaves everybody with the final state, also what changed between two slices', async () => {
    const server = await startServer({ plugin: { typingUpdates: { batchInterval: 50 } } })
    const seen = Array.from({ length: 1200 }, (): number[] => [])
    for (const [n, totals] of seen.entries()) {
      const bot = server.online.createBot(`bot${n}`)
      bot.subscribe(group, { message() {}, typists: ({ total }) => totals.push(total) })
    }
    const typist = server.online.createBot('typist')
    const say = (ttl: number) =>
      typist.send({ conversation: group, command: 'textInput', data: { ttl, activity: 'typing', since: 1 } })
    await say(7000)
    // Not all in one go: the event loop is free between two slices.
    expect(seen.filter(({ length }) => length).length).toBe(250)
    await say(0)
    await until(() => seen.every((totals) => totals.at(-1) === 0))
    expect(seen.every((totals) => totals.length <= 2)).toBe(true)
  })
})

import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, test } from 'vitest'
import { LEASE } from '../../../src/core/transport/wire.ts'
import { fakeClock, NO_PING } from '../../support/server/fake-clock.ts'
import {
  allQuiet,
  CARRIERS,
  closeAll,
  names,
  startServer,
  type TestServer,
  until,
} from '../../support/server/harness.ts'
import { watchStalls } from '../../support/stalls.ts'

afterEach(closeAll)

const group = { group: 'team' }
const toBob = { user: 'bob' }
const fromAnn = { user: 'ann' }

/** Takes a lease as a client does that never renews it. */
const lease = (socket: Socket, ttl: number, conversation: object = toBob, activity = 'typing') =>
  socket.emit(LEASE, Date.now(), ttl, activity, conversation)

/** Counts our events: up as the server reads them, down as this client does. */
function countEvents(server: TestServer, user: string, socket: Socket) {
  const counts = { up: 0, down: 0 }
  for (const served of server.io.sockets.sockets.values()) {
    if ((served.handshake.auth as { user: string }).user !== user) continue
    served.onAny((event: string) => event.startsWith('om:') && counts.up++)
  }
  socket.onAny((event: string) => event.startsWith('om:') && counts.down++)
  return counts
}

describe.each(CARRIERS)('over %s', (carrier) => {
  test('R1, R3, S4: one update shows a typist, one removes them, both at once; a stop without a lease sends nothing', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(fromAnn)
    const typing = ann.client.typing(toBob)
    for (let n = 0; n < 3; n++) {
      typing.keystroke()
      typing.keystroke()
      await allQuiet(ann, bob)
      typing.stop()
      typing.stop()
      await allQuiet(ann, bob)
    }
    const typist = { id: 'ann', activity: 'typing', since: expect.any(Number) as number }
    const session = [
      { typists: [typist], total: 1 },
      { typists: [], total: 0 },
    ]
    expect(states).toEqual([...session, ...session, ...session])
    expect(server.online.stats().typingUpdatesOut).toBe(6)
  })

  test('R1, T4: a group sees who types in the order in which they began, and nobody sees themselves', async () => {
    const server = await startServer()
    const [ann, bob, cy] = await Promise.all(['ann', 'bob', 'cy'].map((user) => server.connect(user, { carrier })))
    const [annSees, bobSees, cySees] = [await ann!.watch(group), await bob!.watch(group), await cy!.watch(group)]
    for (const { client, settled } of [bob!, ann!, cy!]) {
      client.typing(group).keystroke()
      await settled()
    }
    await allQuiet(ann!, bob!, cy!)
    expect([annSees, bobSees, cySees].map((states) => names(states.at(-1)))).toEqual([
      ['bob', 'cy'],
      ['ann', 'cy'],
      ['bob', 'ann'],
    ])
    for (const { client } of [ann!, bob!, cy!]) client.typing(group).stop()
    await allQuiet(ann!, bob!, cy!)
    expect([annSees, bobSees, cySees].map((states) => states.at(-1)?.total)).toEqual([0, 0, 0])
    expect(annSees.flatMap(names)).not.toContain('ann')
  })

  test('a late subscriber gets an update at once, and so does a second subscriber of the same client', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    ann.client.typing(toBob).keystroke()
    await ann.settled()
    const bob = await server.connect('bob', { carrier })
    const heard = await bob.hear(fromAnn)
    const states = await bob.watch(fromAnn)
    await bob.settled()
    expect([heard, names(states.at(-1))]).toEqual([[], ['ann']])
    const digests: unknown[] = []
    bob.transport.subscribe(fromAnn, { message() {}, typists: (digest) => digests.push(digest) })
    await bob.settled()
    expect(digests).toMatchObject([{ typists: [{ id: 'ann' }], total: 1 }])
  })

  test('S4, S5: a disconnect ends typing for everybody, within a second', async () => {
    const server = await startServer()
    const bob = await server.connect('bob', { carrier })
    const cy = await server.connect('cy', { carrier })
    const states = await bob.watch(fromAnn)
    const groupStates = await cy.watch(group)
    for (const end of ['disconnect', 'close', 'kick'] as const) {
      const ann = await server.connect('ann', { carrier })
      ann.client.typing(toBob).keystroke()
      ann.client.typing(group).keystroke()
      await until(() => states.at(-1)?.total === 1 && groupStates.at(-1)?.total === 1)
      const endWatch = watchStalls()
      const began = performance.now()
      if (end === 'disconnect') ann.socket.disconnect()
      else if (end === 'close') ann.socket.io.engine.close()
      else server.io.sockets.sockets.get(ann.socket.id!)!.disconnect(true)
      await until(() => states.at(-1)?.total === 0 && groupStates.at(-1)?.total === 0)
      const time = performance.now() - began
      expect(server.online.stats().leases).toBe(0)
      ann.close()
      expect(time).toBeLessThan(1000 + (await endWatch()))
    }
  })

  test('several devices of one user are one typist, and closing one does not end the other’s', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const annAgain = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(group)
    const ownStates = await annAgain.watch(group)
    ann.client.typing(group).keystroke()
    annAgain.client.typing(group).keystroke()
    await allQuiet(ann, annAgain, bob)
    expect(server.online.stats().leases).toBe(2)
    ann.close()
    await until(() => server.online.stats().leases === 1)
    await bob.settled()
    expect(states.every(({ total }) => total === 1)).toBe(true)
    annAgain.client.typing(group).stop()
    await allQuiet(annAgain, bob)
    expect(states.at(-1)).toMatchObject({ total: 0 })
    // T4: nor does one's own other device.
    expect(ownStates).toEqual([])
  })

  test('R6: a message from one device does not hide typing on another device of its user', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const annAgain = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(fromAnn)
    ann.client.typing(toBob).keystroke()
    await until(() => states.length === 1)
    // Sessions that begin in the same millisecond cannot be told apart.
    await until(() => Date.now() > (states[0]?.typists[0]?.since ?? Infinity))
    annAgain.client.typing(toBob).keystroke()
    await allQuiet(ann, annAgain, bob)
    annAgain.client.typing(toBob).stop()
    await allQuiet(annAgain, bob)
    // The message of the device that has stopped.
    bob.client.clearTypist(fromAnn, 'ann')
    expect(states.at(-1)).toMatchObject({ total: 1 })
    // A message of the device that types on.
    bob.client.clearTypist(fromAnn, 'ann')
    expect(states.at(-1)).toMatchObject({ total: 0 })
    await until(() => Date.now() > (states[0]?.typists[0]?.since ?? Infinity))
    annAgain.client.typing(toBob).keystroke()
    await until(() => states.at(-1)?.total === 1)
  })

  test('R5: one’s own reconnect empties the list and brings the present state', async () => {
    const server = await startServer()
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(fromAnn)
    ann.client.typing(toBob).keystroke()
    await until(() => states.length === 1)
    bob.socket.io.engine.close()
    await until(() => states.length === 3)
    expect(states.map(({ total }) => total)).toEqual([1, 0, 1])
    bob.socket.io.engine.close()
    await until(() => bob.client.connection.getState() !== 'online')
    ann.client.typing(toBob).stop()
    await ann.settled()
    await until(() => bob.client.connection.getState() === 'online')
    await bob.settled()
    expect(states.map(({ total }) => total)).toEqual([1, 0, 1, 0])
  })

  test('S2, R2: a minute of typing is at most 14 messages up, and two down, one to show and one to remove; a renewal causes none', async () => {
    const pass = fakeClock()
    const server = await startServer({ io: NO_PING })
    const ann = await server.connect('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(fromAnn)
    const up = countEvents(server, 'ann', ann.socket)
    const down = countEvents(server, 'bob', bob.socket)
    const typing = ann.client.typing(toBob)
    for (let second = 0; second < 59; second++) {
      for (let key = 0; key < 4; key++) {
        typing.keystroke()
        await pass(250, ann, bob)
      }
    }
    typing.stop()
    await allQuiet(ann, bob)
    expect(states.map(({ total }) => total)).toEqual([1, 0])
    expect([up.down, down.up, down.down]).toEqual([0, 0, 2])
    expect(up.up).toBeGreaterThan(10)
    expect(up.up).toBeLessThanOrEqual(14)
  })

  test('S5: a lease lives while it is renewed, and a typist who vanishes is gone within 8 s', async () => {
    const pass = fakeClock()
    const server = await startServer({ io: NO_PING })
    const ann = await server.raw('ann', { carrier })
    const bob = await server.connect('bob', { carrier })
    const states = await bob.watch(fromAnn)
    for (let n = 0; n < 4; n++) {
      lease(ann, 7000)
      await pass(5000, bob)
    }
    expect(states.map(({ total }) => total)).toEqual([1])
    await pass(1500, bob)
    expect(states.at(-1)?.total).toBe(1)
    await pass(1500, bob)
    expect([states.at(-1)?.total, server.online.stats().leases]).toEqual([0, 0])
  })
})

test('S5: a lease of 1e300 ms, of Infinity or of a year expires after a minute, the longest there is', async () => {
  const pass = fakeClock()
  const server = await startServer({ io: NO_PING })
  const ann = await server.raw('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(group)
  for (const ttl of [1e300, Number.MAX_SAFE_INTEGER, 3e10, 60_001]) {
    lease(ann, ttl, group)
    await ann.emitWithAck('test:ping')
    await bob.settled()
    expect(states.at(-1)?.total).toBe(1)
    await pass(59_500, bob)
    expect(states.at(-1)?.total).toBe(1)
    await pass(1500, bob)
    expect(states.at(-1)?.total).toBe(0)
  }
})

test('R4: an update is repeated while somebody types, so that it does not expire at its receivers after 90 s', async () => {
  const pass = fakeClock()
  const server = await startServer({ io: NO_PING })
  const ann = await server.connect('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(fromAnn)
  const down = countEvents(server, 'bob', bob.socket)
  const release = ann.client.typing(toBob).startActivity('recording')
  await pass(59_000, ann, bob)
  expect(down.down).toBe(1)
  await pass(2500, ann, bob)
  expect(down.down).toBe(2)
  await pass(65_000, ann, bob)
  expect(down.down).toBe(3)
  release()
  await allQuiet(ann, bob)
  expect(states.map(({ typists }) => typists[0]?.activity)).toEqual(['recording', undefined])
})

test('a change of activity is sent; an activity this version does not know counts as typing', async () => {
  const server = await startServer()
  const ann = await server.raw('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(fromAnn)
  for (const activity of ['typing', 'recording', 'recording', '__proto__', 'file']) {
    lease(ann, 7000, toBob, activity)
    await ann.emitWithAck('test:ping')
  }
  await bob.settled()
  expect(states.map(({ typists }) => typists[0]?.activity)).toEqual(['typing', 'recording', 'typing', 'file'])
  expect(new Set(states.map(({ typists }) => typists[0]?.since)).size).toBe(1)
})

test('of several devices the latest activity is shown, and the other’s after it', async () => {
  const server = await startServer()
  const phone = await server.connect('ann')
  const laptop = await server.connect('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(fromAnn)
  const shown = async () => {
    await allQuiet(phone, laptop, bob)
    return states.at(-1)?.typists.map(({ activity }) => activity)
  }
  phone.client.typing(toBob).keystroke()
  expect(await shown()).toEqual(['typing'])
  const release = laptop.client.typing(toBob).startActivity('file')
  expect(await shown()).toEqual(['file'])
  release()
  expect(await shown()).toEqual(['typing'])
  phone.client.typing(toBob).stop()
  expect(await shown()).toEqual([])
})

test('R2: a renewal by one device does not hide what another one began later', async () => {
  const server = await startServer()
  const phone = await server.raw('ann')
  const laptop = await server.raw('ann')
  const bob = await server.connect('bob')
  const states = await bob.watch(fromAnn)
  for (const [device, activity] of [
    [phone, 'typing'],
    [laptop, 'file'],
    [phone, 'typing'],
  ] as const) {
    lease(device, 7000, toBob, activity)
    await device.emitWithAck('test:ping')
  }
  await bob.settled()
  expect(states.map(({ typists }) => typists[0]?.activity)).toEqual(['typing', 'file'])
})

test('T4: typing to oneself is shown to nobody, and typing leaves nothing where nobody is subscribed', async () => {
  const server = await startServer()
  const ann = await server.connect('ann')
  const annAgain = await server.connect('ann')
  const states = await annAgain.watch(fromAnn)
  ann.client.typing(fromAnn).keystroke()
  await allQuiet(ann, annAgain)
  expect([states, server.online.stats().leases]).toEqual([[], 0])
})

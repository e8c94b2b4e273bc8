import type { Server, Socket as ServerSocket } from 'socket.io'
import type { Socket } from 'socket.io-client'
import { afterEach, describe, expect, test } from 'vitest'
import { attachOnlineMessages, type OnlineMessageServer } from '../../src/server/index.ts'
import { CARRIERS, type Carrier, closeAll, roundTrip, startServer, until } from '../support/server/harness.ts'

afterEach(closeAll)

const options = {
  identify: (socket: ServerSocket) => (socket.handshake.auth as { user: string }).user,
  authorize: 'anyone',
} as const

/** What the app itself did and saw, and every packet of the engine, both ways. */
interface Recording {
  readonly packets: string[]
  readonly calls: unknown[]
  readonly states: unknown[]
}

/** Session ids, and what is made of them, differ from run to run. */
function createBlur() {
  const names = new Map<string, string>()
  const nameOf = (id: string) => {
    const name = names.get(id) ?? `id ${names.size}`
    names.set(id, name)
    return name
  }
  return (text: string) => text.replace(/[\w-]{20}/g, nameOf)
}

/** An app that uses what Socket.IO has: middleware, rooms, acknowledgements, binary data, volatile packets, wildcards. */
function startApp(io: Server, { packets, calls }: Recording, blur: (text: string) => string) {
  io.engine.on('connection', (engine: NodeJS.EventEmitter) => {
    const record = (way: string) => (packet: { type: string; data?: unknown }) => {
      const data = Buffer.isBuffer(packet.data) ? packet.data.toString('hex') : String(packet.data)
      packets.push(blur(`${way} ${packet.type} ${data}`))
    }
    engine.on('packet', record('→'))
    engine.on('packetCreate', record('←'))
  })
  io.use((socket, next) => {
    calls.push('namespace middleware')
    if (socket.handshake.auth.user === 'refused') next(new Error('not you'))
    else next()
  })
  io.on('connection', (socket) => {
    calls.push(['connection', socket.handshake.auth.user])
    void socket.join(['lobby', `user ${String(socket.handshake.auth.user)}`])
    socket.use(([event], next) => {
      calls.push(['socket middleware', event])
      if (event === 'forbidden') next(new Error('forbidden event'))
      else next()
    })
    socket.on('error', ({ message }: Error) => calls.push(['error', message]))
    socket.onAny((event: string) => calls.push(['any', event]))
    socket.onAnyOutgoing((event: string) => calls.push(['any outgoing', event]))
    socket.on('say', (text: string) => io.to('lobby').emit('said', text))
    socket.on('say to others', (text: string) => socket.to('lobby').except('user cy').emit('said', text))
    socket.on('sum', (one: number, two: number, answer: (sum: number) => void) => answer(one + two))
    socket.on('bytes', (bytes: Buffer, answer: (bytes: Buffer) => void) => answer(Buffer.from(bytes).reverse()))
    socket.once('once', () => calls.push('once'))
    socket.on('removed', () => calls.push('never called'))
    socket.removeAllListeners('removed')
    socket.on('disconnecting', () => calls.push(['disconnecting', [...socket.rooms].slice(1)]))
    socket.on('disconnect', (reason) => calls.push(['disconnect', reason]))
  })
}

/** Plays a busy app from beginning to end. */
async function play(carrier: Carrier, attach: boolean): Promise<Recording> {
  const recording: Recording = { packets: [], calls: [], states: [] }
  const blur = createBlur()
  const server = await startServer({ attach: false })
  const { io } = server
  startApp(io, recording, blur)
  let online: OnlineMessageServer | undefined
  if (attach) online = attachOnlineMessages(io, options)

  const received: unknown[] = []
  const ann = await server.raw('ann', { carrier })
  const bob = await server.raw('bob', { carrier })
  const cy = await server.raw('cy', { carrier })
  const all = [ann, bob, cy]
  const settled = async () => {
    for (const socket of all) await roundTrip(socket)
  }
  for (const [n, socket] of all.entries()) socket.onAny((...args: unknown[]) => received.push([n, ...args]))
  const served = (socket: Socket) => io.sockets.sockets.get(socket.id!)!

  ann.emit('say', 'to all')
  await settled()
  bob.emit('say to others', 'to others')
  await settled()
  expect(await ann.emitWithAck('sum', 1, 2)).toBe(3)
  expect(await bob.emitWithAck('bytes', Buffer.from([1, 2, 3]))).toEqual(Buffer.from([3, 2, 1]))
  ann.emit('once')
  ann.emit('once')
  ann.emit('removed')
  ann.emit('forbidden')
  await settled()
  // The server asks: one, all of a room, and one that does not answer.
  ann.on('question', (answer: (text: string) => void) => answer('from ann'))
  bob.on('question', (answer: (text: string) => void) => answer('from bob'))
  recording.states.push(await served(ann).emitWithAck('question'))
  recording.states.push(await io.to(['user ann', 'user bob']).timeout(5000).emitWithAck('question'))
  served(cy)
    .timeout(1)
    .emit('unanswered', (error: Error | null) => recording.states.push(error?.message))
  await until(() => recording.states.length === 3)
  await settled()
  served(ann).volatile.emit('volatile', 1)
  await settled()
  ann.volatile.emit('say', 'volatile')
  await settled()
  io.to('lobby')
    .compress(true)
    .emit('bytes for all', Buffer.from([7]), { nested: [Buffer.from([8])] })
  await settled()
  await served(bob).join('more')
  await served(bob).leave('lobby')
  io.in('more').socketsJoin('most')
  io.to('lobby').emit('without bob')
  await settled()
  recording.states.push(
    [...io.sockets.adapter.rooms].map(([room, members]) => [blur(room), members.size]),
    (await io.fetchSockets()).map(({ rooms }) => [...rooms].slice(1)),
  )

  const refused = server.begin('refused', { carrier }).socket
  const refusal = new Promise<string>((resolve) => refused.once('connect_error', ({ message }) => resolve(message)))
  recording.states.push(await refusal)
  refused.disconnect()
  await until(() => io.engine.clientsCount === 3)
  io.in('user cy').disconnectSockets()
  await until(() => cy.disconnected)
  all.pop()
  bob.disconnect()
  all.pop()
  await until(() => io.sockets.sockets.size === 1)
  ann.emit('say', 'the end')
  await settled()
  recording.states.push(received.map((event) => blur(JSON.stringify(event))))
  online?.close()
  await closeAll()
  return recording
}

describe.each(CARRIERS)('over %s', (carrier) => {
  test('with and without the plug-in a busy app sends and receives the same, packet for packet', async () => {
    const without = await play(carrier, false)
    const withPlugin = await play(carrier, true)
    expect(without.packets.length).toBeGreaterThan(80)
    expect(withPlugin.packets).toEqual(without.packets)
    expect(withPlugin.calls).toEqual(without.calls)
    expect(withPlugin.states).toEqual(without.states)
  })
})

/** What of an app's socket and namespace others could touch. */
function takeInventory(io: Server, socket: ServerSocket) {
  const namespace = io.sockets
  const { adapter } = namespace
  const count = (emitter: NodeJS.EventEmitter) =>
    emitter
      .eventNames()
      .map((event) => [String(event), emitter.listenerCount(event)])
      .filter(([event]) => !String(event).startsWith('om:'))
  const internals = namespace as unknown as { readonly _fns: unknown[] }
  const socketInternals = socket as unknown as { readonly fns: unknown[] }
  return {
    ofTheSocket: count(socket),
    ofTheNamespace: count(namespace),
    ofTheEngine: count(io.engine),
    ofTheConnection: count(socket.conn),
    ofTheAdapter: count(adapter),
    anyListeners: [socket.listenersAny().length, socket.listenersAnyOutgoing().length],
    middleware: [internals._fns.length, socketInternals.fns.length],
    rooms: [[...socket.rooms], [...adapter.rooms.keys()], [...adapter.sids.keys()]],
    data: { ...(socket.data as object) },
    ownFields: Object.keys(socket).sort(),
    methods: [
      socket.emit,
      socket.on,
      socket.send,
      socket.conn.write,
      adapter.broadcast,
      adapter.addAll,
      namespace.emit,
    ],
  }
}

test('no room, middleware, wildcard, field or method of an app is touched; of its listeners only our own are beside', async () => {
  const { io, raw } = await startServer({ attach: false })
  startApp(io, { packets: [], calls: [], states: [] }, (text) => text)
  const client = await raw('ann')
  const socket = io.sockets.sockets.get(client.id!)!
  await until(() => socket.rooms.size === 3)
  const before = takeInventory(io, socket)

  const online = attachOnlineMessages(io, options)
  expect(await client.emitWithAck('om:hello', 1)).toMatchObject({ ok: true })
  client.emit('om:subscribe', [{ group: 'team' }])
  expect(await client.emitWithAck('om:send', Date.now(), 'note', '1', { group: 'team' })).toEqual({ ok: true })
  client.emit('om:lease', Date.now(), 7000, 'typing', { group: 'team' })
  await roundTrip(client)
  online.reidentify(socket)
  const { ofTheSocket, ofTheNamespace, ...others } = takeInventory(io, socket)
  const { ofTheSocket: socketBefore, ofTheNamespace: namespaceBefore, ...othersBefore } = before
  expect(others).toEqual(othersBefore)
  const plusOne = (counts: unknown[][], name: string) =>
    counts.map(([event, count]) => [event, event === name ? Number(count) + 1 : count])
  expect(ofTheSocket).toEqual(plusOne(socketBefore, 'disconnect'))
  expect(ofTheNamespace).toEqual(plusOne(namespaceBefore, 'connection'))

  online.close()
  expect(takeInventory(io, socket)).toEqual(before)
  expect(socket.eventNames().filter((event) => String(event).startsWith('om:'))).toEqual([])
})

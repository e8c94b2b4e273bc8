import { EventEmitter } from 'node:events'
import { type Namespace, Server, type ServerOptions } from 'socket.io'
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest'
import { HELLO, LEASE, PROTOCOL_VERSION, SUBSCRIBE, TYPISTS } from '../../src/core/transport/wire.ts'
import { attachOnlineMessages, type OnlineMessageServerOptions } from '../../src/server/index.ts'
import { createMemoryEngine } from '../support/cluster/memory-engine.ts'
import { connectFake, startFakeServer } from '../support/server/fake-sockets.ts'

const warnings = vi.spyOn(console, 'warn')
const complaints = vi.spyOn(console, 'error')
beforeEach(() => {
  vi.useFakeTimers()
  warnings.mockReset().mockReturnValue(undefined)
  complaints.mockReset().mockReturnValue(undefined)
})
afterEach(() => {
  vi.useRealTimers()
})

const group = { group: 'team' }
const board = { group: 'board' }
const since: unknown = expect.any(Number)
const turn = () => vi.advanceTimersByTimeAsync(0)

const options: OnlineMessageServerOptions = {
  identify: (socket) => (socket.data as { user: string }).user,
  authorize: 'anyone',
}

type Adapter = Namespace['adapter']
type AdapterClass = NonNullable<ServerOptions['adapter']>

/** An adapter like Socket.IO's own, of a class that has these methods beside. */
function adapterWith(methods: object): AdapterClass {
  const InMemoryAdapter = new Server().sockets.adapter.constructor as new (namespace: Namespace) => Adapter
  const OwnAdapter = class extends InMemoryAdapter {}
  Object.assign(OwnAdapter.prototype, methods)
  return OwnAdapter as unknown as AdapterClass
}

describe('attachOnlineMessages', () => {
  test('serves who is connected already, and who connects later', () => {
    const io = new Server()
    const before = connectFake(io, 'ann')
    const online = attachOnlineMessages(io, options)
    const after = connectFake(io, 'bob')
    expect(online.stats().connections).toBe(2)
    for (const connection of [before, after]) expect(connection.ask(HELLO, PROTOCOL_VERSION)).toHaveLength(1)
  })

  test('to a server means its namespace /; to a namespace, that one alone', () => {
    const io = new Server()
    attachOnlineMessages(io.of('/chat'), options)
    expect(() => attachOnlineMessages(io.of('/chat'), options)).toThrow(
      'The namespace /chat has online messages already',
    )
    attachOnlineMessages(io, options)
    expect(() => attachOnlineMessages(io.of('/'), options)).toThrow('The namespace / has online messages already')
  })

  test('to a dynamic namespace is an error, and leaves nothing', () => {
    const dynamic = new Server().of(/^\/room-/)
    for (let n = 0; n < 2; n++) {
      expect(() => attachOnlineMessages(dynamic, options)).toThrow('A dynamic namespace has no sockets of its own')
    }
    expect(dynamic.listenerCount('connection')).toBe(0)
  })

  test('with options that are wrong attaches nothing', () => {
    const io = new Server()
    expect(() => attachOnlineMessages(io, { ...options, maxAge: -1 })).toThrow(RangeError)
    expect(() => attachOnlineMessages(io, options)).not.toThrow()
  })
})

describe('the adapter', () => {
  const serverSideEmit = () => {}

  test('that is set too late is named once, when somebody connects', () => {
    const { io, connect } = startFakeServer()
    connect('ann')
    expect(complaints).not.toHaveBeenCalled()
    io.adapter(adapterWith({ serverSideEmit }))
    for (const user of ['bob', 'cy']) connect(user)
    expect(complaints.mock.calls).toEqual([[expect.stringMatching(/Set it first\. .*late-adapter\)$/)]])
  })

  test('that is set too late is not named if it reaches no other nodes', () => {
    const { io, connect } = startFakeServer()
    io.adapter(adapterWith({}))
    connect('ann')
    expect(complaints).not.toHaveBeenCalled()
  })

  test('that reaches others, and is there in time, is the bus; one that is set later is not named', () => {
    const io = new Server({ adapter: adapterWith({ serverSideEmit }) })
    const online = attachOnlineMessages(io, options)
    expect(online.stats().bus).toBeDefined()
    io.adapter(adapterWith({ serverSideEmit }))
    connectFake(io, 'ann')
    expect([complaints.mock.calls, warnings.mock.calls]).toEqual([[], []])
  })

  test('does not matter with the option `bus`: nothing is said about it, and it carries nothing', () => {
    const emitted = vi.fn()
    class MongoAdapter extends (adapterWith({ serverSideEmit: emitted }) as unknown as new (
      of: Namespace,
    ) => Adapter) {}
    const io = new Server({ adapter: MongoAdapter as unknown as AdapterClass })
    const { bus } = createMemoryEngine().connect()
    const online = attachOnlineMessages(io, { ...options, bus })
    const ann = connectFake(io, 'ann')
    ann.emit(SUBSCRIBE, [group])
    vi.advanceTimersByTime(1000)
    io.adapter(adapterWith({ serverSideEmit }))
    connectFake(io, 'bob')
    expect([warnings.mock.calls, complaints.mock.calls, emitted.mock.calls]).toEqual([[], [], []])
    expect(online.stats().bus).toBeDefined()
    online.close()
  })

  test('of Socket.IO 4.0, which receives nothing from other nodes, is not named as set too late', () => {
    const io = new Server({ adapter: adapterWith({ serverSideEmit }) })
    Object.defineProperty(io.sockets, '_onServerSideEmit', { value: undefined })
    attachOnlineMessages(io, options)
    connectFake(io, 'ann')
    expect([warnings.mock.calls.length, complaints.mock.calls]).toEqual([1, []])
  })

  test('that is unsuitable is named', () => {
    class MongoAdapter extends (adapterWith({ serverSideEmit }) as unknown as new (of: Namespace) => Adapter) {}
    attachOnlineMessages(new Server({ adapter: MongoAdapter as unknown as AdapterClass }), options)
    expect(warnings.mock.calls).toEqual([[expect.stringMatching(/unsuitable-adapter\)$/)]])
  })

  test('R6: that Socket.IO closes takes the typing of this node from the others before, and close() its listeners', async () => {
    const emitted: unknown[][] = []
    const io = new Server({ adapter: adapterWith({ serverSideEmit: (packet: unknown[]) => emitted.push(packet) }) })
    const before = io.of('/').eventNames()
    const online = attachOnlineMessages(io, options)
    connectFake(io, 'ann').ask(LEASE, Date.now(), 60_000, 'typing', group)
    await vi.advanceTimersByTimeAsync(100)
    emitted.length = 0
    void io.of('/').adapter.close()
    await turn()
    expect([emitted.length > 0, online.stats().bus]).toEqual([true, undefined])
    online.close()
    expect(io.of('/').eventNames()).toEqual(before)
  })
})

describe('close', () => {
  test('sends those who see somebody type that nobody does, and removes every listener; connections stay', () => {
    const { io, connect, online } = startFakeServer()
    const [ann, bob] = [connect('ann'), connect('bob')]
    bob.emit(SUBSCRIBE, [group])
    ann.ask(LEASE, Date.now(), 60_000, 'typing', group)
    online.close()
    expect(bob.take()).toEqual([
      [TYPISTS, group, 1, [{ id: 'ann', since }]],
      [TYPISTS, group, 0, []],
    ])
    expect([ann, bob].flatMap(({ socket }) => socket.eventNames())).toEqual([])
    expect(io.of('/').listenerCount('connection')).toBe(0)
    expect(online.stats()).toMatchObject({ connections: 0, subscriptions: 0, leases: 0 })
    expect(vi.getTimerCount()).toBe(0)
    expect(connect('cy').socket.eventNames()).toEqual([])
  })

  test('R6: ends the typing of this node on the others', async () => {
    const engine = createMemoryEngine()
    const [one, other] = [engine, engine].map(() => startFakeServer({ bus: engine.connect().bus }))
    const bob = other!.connect('bob')
    bob.emit(SUBSCRIBE, [group])
    await vi.advanceTimersByTimeAsync(1000)
    one!.connect('ann').ask(LEASE, Date.now(), 60_000, 'typing', group)
    await vi.advanceTimersByTimeAsync(1000)
    one!.online.close()
    await vi.advanceTimersByTimeAsync(100)
    expect(bob.take().map(([, , total]) => total)).toEqual([1, 0])
    other!.online.close()
  })

  test('makes room for another one, which a second call leaves alone', () => {
    const { io, connect, online } = startFakeServer()
    const ann = connect('ann')
    online.close()
    const next = attachOnlineMessages(io, options)
    online.close()
    expect(() => attachOnlineMessages(io, options)).toThrow('has online messages already')
    connect('bob')
    expect([next.stats().connections, ann.ask(HELLO, PROTOCOL_VERSION).length]).toEqual([2, 1])
  })

  test('ends the bots, those that are created afterwards too', async () => {
    const { online } = startFakeServer()
    const bots = [online.createBot('one'), online.createBot('two')]
    expect(bots.map(({ connection }) => connection.getState())).toEqual(['online', 'online'])
    online.close()
    bots.push(online.createBot('late'))
    for (const bot of bots) {
      expect(bot.connection.getState()).toBe('offline')
      expect(await bot.send({ conversation: group, command: 'note', data: 1 })).toMatchObject({ code: 'offline' })
    }
    expect(online.stats().connections).toBe(0)
  })

  test('afterwards identify is not asked again, and a wrong argument is still an error', () => {
    const identify = vi.fn(() => 'ann')
    const { connect, online } = startFakeServer({ identify })
    const ann = connect('ann')
    online.close()
    online.createBot('robot')
    online.reidentify(ann.socket)
    online.reidentify('ann')
    online.reidentify('robot')
    expect([identify.mock.calls.length, warnings.mock.calls]).toEqual([1, []])
    expect(() => online.reidentify('')).toThrow(TypeError)
  })

  test('I1: afterwards an answer of identify that comes late is not asked for again', async () => {
    let answer: (user: string) => void = () => {}
    const identify = vi.fn(() => new Promise<string>((resolve) => (answer = resolve)))
    const { connect, online } = startFakeServer({ identify })
    connect('ann')
    online.close()
    online.reidentify('ann')
    answer('ann')
    await turn()
    expect(identify).toHaveBeenCalledTimes(1)
  })
})

describe('a handle', () => {
  test('I1: reidentify takes a socket or an id, and nothing else', () => {
    const { connect, online } = startFakeServer()
    const [ann, bob] = [connect('ann'), connect('bob')]
    for (const { socket } of [ann, bob]) Object.assign(socket.data as object, { user: 'cy' })
    online.reidentify('ann')
    expect([ann.take().length, bob.take().length]).toEqual([1, 0])
    online.reidentify(bob.socket)
    expect(bob.take()).toHaveLength(1)
    for (const wrong of [5, '', new EventEmitter()]) expect(() => online.reidentify(wrong as string)).toThrow(TypeError)
    expect(warnings).not.toHaveBeenCalled()
  })

  test('reidentify of a bot says that it changes nothing', () => {
    const { online } = startFakeServer()
    online.createBot('robot')
    online.reidentify('robot')
    expect(warnings.mock.calls).toEqual([[expect.stringMatching(/bot-not-reidentified\)$/)]])
  })

  test('revoke ends what the user may not have any more, and checks its arguments', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    ann.emit(SUBSCRIBE, [group, board])
    online.revoke({ user: 'ann', conversation: group })
    expect(online.stats().subscriptions).toBe(1)
    online.revoke({ user: 'ann' })
    expect(online.stats().subscriptions).toBe(0)
    expect(() => online.revoke({ user: '' })).toThrow(TypeError)
  })

  test('createBot takes an id or a user', () => {
    const { connect, online } = startFakeServer()
    const ann = connect('ann')
    ann.emit(SUBSCRIBE, [group])
    for (const user of ['one', { id: 'two', name: 'Two' }]) {
      void online.createBot(user).send({ conversation: group, command: 'note', data: 1 })
    }
    expect(ann.take().map((event) => event.at(-1))).toEqual([{ id: 'one' }, { id: 'two', name: 'Two' }])
    expect(() => online.createBot('')).toThrow('createBot() was given an empty id')
  })
})

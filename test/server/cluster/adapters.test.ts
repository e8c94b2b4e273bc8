import { afterEach, beforeEach, expect, test, vi } from 'vitest'
import { type Namespace, Server, type ServerOptions } from 'socket.io'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { closeAll, startServer } from '../../support/server/harness.ts'

const warnings = vi.spyOn(console, 'warn')
beforeEach(() => {
  warnings.mockReset().mockReturnValue(undefined)
})
afterEach(closeAll)

const options = { identify: () => 'ann', authorize: 'anyone' } as const

type Adapter = Namespace['adapter']

/** An adapter whose class has a name and these methods. */
function adapterNamed(name: string, methods: object): NonNullable<ServerOptions['adapter']> {
  const InMemoryAdapter = new Server().sockets.adapter.constructor as new (namespace: Namespace) => Adapter
  const OwnAdapter = class extends InMemoryAdapter {}
  Object.defineProperty(OwnAdapter, 'name', { value: name })
  Object.assign(OwnAdapter.prototype, methods)
  return OwnAdapter as unknown as NonNullable<ServerOptions['adapter']>
}
const serverSideEmit = () => {}
const broadcast = () => {}

async function attachWith(io: Partial<ServerOptions>) {
  const server = await startServer({ attach: false, io })
  const online = attachOnlineMessages(server.io, options)
  return { online, said: warnings.mock.calls.map(([text]) => String(text)), server }
}

test.each([
  [
    'MongoAdapter',
    { serverSideEmit, broadcast },
    /mongo-adapter inserts every message.*stored, and may be late\. Use @socket\.io\/redis-adapter/,
  ],
  [
    'PostgresAdapter',
    { serverSideEmit, broadcast },
    /postgres-adapter stores messages of more than 8000 bytes.*overtake each other.*Use @socket\.io\/redis/,
  ],
  ['RedisStreamsAdapter', { serverSideEmit, broadcast }, /before 0\.3 stores every message.*Use version 0\.3/],
  [
    'RedisAdapter',
    { broadcast },
    /the adapter RedisAdapter has no serverSideEmit.*reach nobody on other nodes\. In place of socket\.io-redis use @socket\.io\/redis-adapter/,
  ],
])(
  'G1, G3, T6: %s without what online messages need is named once, with what breaks and the fix',
  async (name, methods, text) => {
    const { said, server } = await attachWith({ adapter: adapterNamed(name, methods) })
    expect(said).toHaveLength(1)
    expect(said[0]).toMatch(/ \(react-online-message: unsuitable-adapter\)$/)
    expect(said[0]).toMatch(text)
    await server.raw('ann')
    expect(warnings).toHaveBeenCalledTimes(1)
  },
)

test.each([
  ['in memory', {}],
  ['in memory, with connection-state recovery', { connectionStateRecovery: {} }],
  ['RedisAdapter with serverSideEmit', { adapter: adapterNamed('RedisAdapter', { serverSideEmit, broadcast }) }],
  [
    'RedisStreamsAdapter of 0.3',
    { adapter: adapterNamed('RedisStreamsAdapter', { serverSideEmit, broadcast, encode() {} }) },
  ],
  ['one of the app’s own, on one node', { adapter: adapterNamed('CountingAdapter', {}) }],
])('nothing is said about the adapter %s', async (_, io) => {
  expect((await attachWith(io)).said).toEqual([])
})

test('Socket.IO 4.0, which cannot receive from other nodes, gets no bus: it serves its own node, and says so', async () => {
  const sent = vi.fn()
  const server = await startServer({
    attach: false,
    io: { adapter: adapterNamed('RedisAdapter', { serverSideEmit: sent, broadcast }) },
  })
  Object.defineProperty(server.io.sockets, '_onServerSideEmit', { value: undefined })
  const online = attachOnlineMessages(server.io, options)
  expect(warnings.mock.calls).toEqual([
    [
      'Socket.IO 4.0 has no serverSideEmit, so online messages reach nobody on other nodes. Use Socket.IO 4.1 or later. (react-online-message: unsuitable-adapter)',
    ],
  ])
  const ann = await server.raw('ann')
  expect(await ann.emitWithAck('om:send', Date.now(), 'note', '1', { user: 'bob' })).toEqual({ ok: true })
  expect([online.stats().bus, sent.mock.calls]).toEqual([undefined, []])
})

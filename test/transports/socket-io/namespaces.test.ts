import { afterEach, expect, test } from 'vitest'
import { createOnlineMessageClient } from '../../../src/core/index.ts'
import { attachOnlineMessages } from '../../../src/server/index.ts'
import { createSocketTransport } from '../../../src/transports/socket-io/index.ts'
import { atEnd, closeAll, names, roundTrip, shareManager, startServer, until } from '../../support/server/harness.ts'

afterEach(closeAll)

test('in a namespace of its own, beside others over the same connection', async () => {
  const server = await startServer({ namespace: '/chat' })
  const manager = shareManager(server.url)
  const chat = manager.socket('/chat', { auth: { user: 'ann' } })
  const main = manager.socket('/', { auth: { user: 'ann' } })
  const ann = createOnlineMessageClient({ transport: createSocketTransport(chat) })
  const withoutPlugin = createSocketTransport(main)
  const bob = await server.connect('bob')
  const received = await bob.hear({ user: 'ann' })
  const states = await bob.watch({ user: 'ann' })
  const own: unknown[] = []
  ann.subscribe({ user: 'bob' }, 'note', ({ data }) => own.push(data))
  const stranger: unknown[] = []
  withoutPlugin.subscribe({ user: 'bob' }, { message: (message) => stranger.push(message), typists() {} })
  await until(() => ann.connection.getState() === 'online')
  expect(await ann.send({ user: 'bob' }, 'note', 1)).toEqual({ ok: true })
  ann.typing({ user: 'bob' }).keystroke()
  await until(() => names(states.at(-1))?.[0] === 'ann')
  expect(await bob.client.send({ user: 'ann' }, 'note', 2)).toEqual({ ok: true })
  await until(() => own.length)
  expect([received.length, own, stranger]).toEqual([1, [2], []])
  // The server ends the namespace, while the connection stays.
  server.io.of('/chat').sockets.get(chat.id!)!.disconnect()
  await until(() => !chat.connected)
  expect(main.connected).toBe(true)
  expect(await ann.send({ user: 'bob' }, 'note', 'late')).toMatchObject({ ok: false, code: 'offline' })
  chat.connect()
  await until(() => ann.connection.getState() === 'online')
  expect(await ann.send({ user: 'bob' }, 'note', 'now')).toEqual({ ok: true })
  await bob.settled()
  expect(received.map(({ data }) => data)).toEqual([1, 'now'])
})

test('two namespaces with the plug-in over one connection: each receives its own messages, once', async () => {
  const server = await startServer()
  const inChat = attachOnlineMessages(server.io.of('/chat'), {
    identify: (socket) => (socket.handshake.auth as { user?: string }).user ?? null,
    authorize: 'anyone',
  })
  atEnd(() => inChat.close())
  const team = { group: 'team' }
  const connect = (user: string) => {
    const manager = shareManager(server.url)
    return ['/', '/chat'].map((namespace) => {
      const socket = manager.socket(namespace, { auth: { user } })
      const transport = createSocketTransport(socket)
      const received: unknown[] = []
      transport.subscribe(team, { message: ({ data }) => received.push(data), typists() {} })
      return { socket, transport, received }
    })
  }
  const [ann, bob] = [connect('ann'), connect('bob')]
  await until(() => [...ann, ...bob].every(({ transport }) => transport.connection.getState() === 'online'))
  // Only now has the server read bob's subscriptions: both namespaces share one connection, and its order.
  await roundTrip(bob[0]!.socket)
  for (const [index, { transport }] of ann.entries()) {
    for (const time of [1, 2]) {
      const data = `namespace ${index}, message ${time}`
      expect(await transport.send({ conversation: team, command: 'note', data })).toEqual({ ok: true })
    }
  }
  await until(() => bob.every(({ received }) => received.length >= 2))
  expect(bob.map(({ received }) => received)).toEqual([
    ['namespace 0, message 1', 'namespace 0, message 2'],
    ['namespace 1, message 1', 'namespace 1, message 2'],
  ])
})

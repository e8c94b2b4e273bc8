/** Run by each Jest without configuration, so that all of this is CommonJS. */
const { createServer } = require('node:http')
const { once } = require('node:events')
const { createOnlineMessageClient } = require('react-online-message/core')
const { attachOnlineMessages } = require('react-online-message/server')
const { createSocketTransport } = require('react-online-message/socket.io')
const { Server } = require('socket.io')
const { io: connect } = require('socket.io-client')

test('a message crosses a server that was required', async () => {
  const http = createServer().listen(0)
  const server = new Server(http)
  attachOnlineMessages(server, { identify: (socket) => socket.handshake.auth.user, authorize: () => true })
  await once(http, 'listening')

  const sockets = ['ann', 'bob'].map((user) =>
    connect(`http://localhost:${http.address().port}`, { auth: { user }, transports: ['websocket'] }),
  )
  const [ann, bob] = sockets.map((socket) => createOnlineMessageClient({ transport: createSocketTransport(socket) }))
  const received = new Promise((resolve) => bob.subscribe({ user: 'ann' }, 'wave', resolve))
  await new Promise((resolve) => {
    bob.connection.subscribe(() => bob.connection.getState() === 'online' && resolve())
  })
  await Promise.all(
    sockets.map((socket) => socket.connected || new Promise((resolve) => socket.once('connect', resolve))),
  )

  expect(await ann.send({ user: 'bob' }, 'wave', { hand: 'left' })).toMatchObject({ ok: true })
  expect(await received).toMatchObject({ data: { hand: 'left' }, from: { id: 'ann' } })

  for (const socket of sockets) socket.disconnect()
  await server.close()
})
